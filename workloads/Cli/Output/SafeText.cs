using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>Text from files as a terminal may show it: no escape sequence, no control character, nothing that reorders a line.</summary>
static partial class SafeText
{
    /// <summary>On one line.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Its own line breaks stay.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    static string Clean(string text, bool keepLines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in EscapeSequence().Replace(text, "").EnumerateRunes())
        {
            if (rune.Value is '\n' && keepLines)
                clean.Append('\n');
            else if (rune.Value is '\n' or '\t')
                clean.Append(' ');
            else if (!IsHarmful(rune))
                clean.Append(rune);
        }

        return clean.ToString();
    }

    static bool IsHarmful(Rune rune) => Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // CSI (colours, cursor), OSC and the other string commands (titles, links), then two-byte escapes.
    [GeneratedRegex(@"(\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?")]
    private static partial Regex EscapeSequence();
}
