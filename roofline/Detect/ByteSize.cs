using System.Globalization;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>Sizes as /sys and /proc spell them: "32K", "1M", "24037180 kB".</summary>
static class ByteSize
{
    public static long Parse(string text)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(char.IsAsciiDigit).Count();
        if (!long.TryParse(trimmed.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return 0;
        return number * Unit(trimmed[digits..].TrimStart());
    }

    static long Unit(string suffix) => suffix.Length == 0 ? 1 : char.ToUpperInvariant(suffix[0]) switch
    {
        'K' => 1L << 10,
        'M' => 1L << 20,
        'G' => 1L << 30,
        _ => 1,
    };
}
