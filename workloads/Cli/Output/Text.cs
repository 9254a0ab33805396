using System.Globalization;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Cli.Output;

/// <summary>Text from files as a terminal may show it: no escape sequence, no control character, nothing that reorders a line.</summary>
static partial class SafeText
{
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

static class Describe
{
    public const string None = "-";

    public static string Target(QualityTarget target) => $"{target.Metric} {target.Bound.Sign()} {target.Limit:0.####}";
    public static string Target(QualityCheck check) => $"{check.Metric} {check.Bound.Sign()} {check.Limit:0.####}";
    public static string Targets(DataChoice choice) => string.Join(", ", choice.Also.Prepend(choice.QualityTarget).Select(Target));
    public static string Checks(InferenceEntry entry) => string.Join(", ", entry.Checks.Select(Target));

    public static IEnumerable<(string Field, string? Text)> Errata(CatalogEntry entry) =>
        entry.Errata.Select(erratum => (erratum.Field, (string?)$"'{erratum.SeedValue}'. {erratum.Found} Ours: {erratum.Ours}"));

    public static string Regime(EvidenceRecord record) => string.Join(" / ", record.Regimes.All.Select(verdict => RegimeNames.Name(verdict.Value)));
}

/// <summary>A duration for people: "9.9 s", "5 min 03 s", "2 h 07 min".</summary>
static class DurationText
{
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => $"{Math.Max(0, time.TotalSeconds):0.0} s",
        { TotalSeconds: < 59.5 } => $"{time.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds:00} s",
        _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
    };

    public static string Of(double seconds) => Of(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)));
}
