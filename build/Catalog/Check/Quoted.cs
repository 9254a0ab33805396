using System.Globalization;
using System.Text;

namespace MlPerfEdu.Generator;

/// <summary>Text from a file as it may be shown in a message: on one line, bounded, every odd character visible.</summary>
internal static class Quoted
{
    const int MaxLength = 60;

    public static string Of(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes().Take(MaxLength))
        {
            if (Rune.IsControl(rune) || IsInvisible(Rune.GetUnicodeCategory(rune)) || rune == Rune.ReplacementChar)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                shown.Append(rune);
        }
        return shown.Append(text.Length > MaxLength ? "…'" : "'").ToString();
    }

    public static string Each(IEnumerable<string> texts) => string.Join(", ", texts);

    static bool IsInvisible(UnicodeCategory category) => category is
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;
}
