using System.Globalization;
using System.Text.RegularExpressions;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>A comparison as one table for a pull request. Everything in it may come from somebody else's files: it is words, never markup.</summary>
public static class DiffTable
{
    /// <summary>Begins the comment, so that the next run can find it and put its own in its place.</summary>
    public const string Mark = "<!-- mlperfedu diff -->";

    // A comment has room for 65,536 characters.
    const int MostRows = 60;
    const int LongestCell = 600;

    static readonly HashSet<string> Axes = [.. Enum.GetValues<RegimeAxis>().Select(axis => axis.Name())];

    /// <param name="before">The records that the diff was made from.</param>
    public static string Markdown(EvidenceSetDiff diff, IReadOnlyList<IRunRecord> before, IReadOnlyList<IRunRecord> after)
    {
        var text = new StringBuilder($"{Mark}\n### {Headline(diff)}\n\n");
        var rows = diff.Pairs.SelectMany(pair => DiffText.Sorted(pair).Where(line => line.Change.Kind != ChangeKind.Same), Row)
            .OrderBy(row => row.Kind switch { ChangeKind.Worse => 0, ChangeKind.Better => 1, ChangeKind.Unclear => 2, _ => 3 }).ToList();
        if (rows.Count > 0)
            text.Append("| workload | | what | from, to, and how sure |\n|---|---|---|---|\n");
        foreach (var row in rows.Take(MostRows))
            text.Append(row.Text);
        if (rows.Count > MostRows)
            text.Append($"\n{rows.Count - MostRows} more rows: see the summary of the job.\n");
        if (diff.Pairs.Where(pair => pair.Changes.All(change => change.Kind == ChangeKind.Same)).Select(pair => pair.Workload).ToList() is { Count: > 0 } same)
            text.Append($"\nNothing changed beyond noise: {MarkdownText.Of(Cut(string.Join(", ", same)))}\n");
        foreach (var remark in DiffText.Unpaired(diff))
            text.Append($"\n{MarkdownText.Of(Cut(remark))}\n");
        foreach (var pair in diff.Pairs.Where(HasOtherRegime))
            text.Append(OtherRegime(Of(before, pair.Workload), Of(after, pair.Workload)));
        return text.ToString();
    }

    static string Headline(EvidenceSetDiff diff) => (diff.Pairs.Count, diff.Pairs.Count(pair => pair.Worse)) switch
    {
        (0, _) => "Nothing to compare",
        (var all, 0) => $"Nothing got worse in {all} {(all == 1 ? "workload" : "workloads")}",
        (var all, var worse) => $"{worse} of {all} {(all == 1 ? "workload" : "workloads")} got worse",
    };

    static (ChangeKind Kind, string Text) Row(EvidenceDiff pair, (string Word, Change Change) line)
    {
        var word = line.Change.Kind == ChangeKind.Worse ? $"**{line.Word}**" : line.Word;
        var cells = new[] { pair.Workload, line.Change.Subject, line.Change.Text }.Select(cell => MarkdownText.Of(Cut(cell))).ToArray();
        return (line.Change.Kind, $"| {cells[0]} | {word} | {cells[1]} | {cells[2]} |\n");
    }

    static bool HasOtherRegime(EvidenceDiff pair) =>
        pair.Changes.Any(change => Axes.Contains(change.Subject) && change.Kind is ChangeKind.Worse or ChangeKind.Better);

    static EvidenceRecord? Of(IReadOnlyList<IRunRecord> records, string id) => records.OfType<EvidenceRecord>().FirstOrDefault(record => record.Workload.Id == id);

    // The snapshots of both, line by line: they have the same lines.
    static string OtherRegime(EvidenceRecord? before, EvidenceRecord? after)
    {
        if (before is null || after is null)
            return "";
        var lines = Snapshot(before).Zip(Snapshot(after)).SelectMany(pair => pair.First == pair.Second ? [$" {pair.First}"] : new[] { $"-{pair.First}", $"+{pair.Second}" });
        return $"\nThe regime of {MarkdownText.Of(after.Workload.Id)} changed:\n\n{MarkdownText.Block("diff", string.Join('\n', lines))}\n" +
            $"Plots: {MarkdownText.Of(Plot(before))} (before) and {MarkdownText.Of(Plot(after))} (after), in the files of this run.\n";
    }

    static string[] Snapshot(EvidenceRecord record) =>
        NormalisedEvidence.MachineClass(record, new Dictionary<RegimeAxis, RegimeValue>()).TrimEnd('\n').Split('\n');

    static string Plot(EvidenceRecord record) => $"{Path.GetFileNameWithoutExtension(EvidenceFile.Name(record))}.roofline.svg";

    static string Cut(string text) => text.Length <= LongestCell ? text : $"{text[..LongestCell]}…";
}

/// <summary>Text from files in Markdown: no markup, link, mention or formula.</summary>
public static partial class MarkdownText
{
    const string Special = "\\`*_<>[]|#&@~$";

    // An empty comment between a sign and what follows: neither a mention nor a reference, whatever renders it.
    const string Nothing = "<!-- -->";

    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                safe.Append(' ');
            else if (rune.IsAscii && Special.Contains((char)rune.Value))
                safe.Append('\\').Append(rune).Append(rune.Value is '@' or '#' or '$' ? Nothing : "");
            else
                safe.Append(rune);
        }
        return Web().Replace(safe.ToString(), "$1" + Nothing);
    }

    /// <summary>A block of code whose fence is longer than any in the text.</summary>
    public static string Block(string language, string text)
    {
        var fence = new string('`', Math.Max(3, Backticks().Matches(text).Select(run => run.Length + 1).DefaultIfEmpty(3).Max()));
        var clean = string.Concat(text.Select(letter => letter != '\n' && char.IsControl(letter) ? ' ' : letter));
        return $"{fence}{language}\n{clean}\n{fence}\n";
    }

    // What GitHub makes a link of without any sign.
    [GeneratedRegex(@"(\bwww(?=\.)|:(?=//))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Web();

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
