namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>The few signs of our own texts that are not ASCII, spelt with those that are.</summary>
static class Ascii
{
    static readonly (string Sign, string Spelling)[] Signs = [("µ", "u"), ("×", "x"), ("→", "->"), ("≥", ">="), ("≤", "<=")];

    public static string Of(string text)
    {
        foreach (var (sign, spelling) in Signs)
            text = text.Replace(sign, spelling, StringComparison.Ordinal);
        return new([.. text.Select(letter => char.IsAscii(letter) ? letter : '?')]);
    }
}
