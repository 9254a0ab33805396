using System.Text;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>A comparison in words, the same on a terminal and in a pull request: worse first, unchanged last.</summary>
public static class DiffText
{
    static readonly (ChangeKind Kind, string Word)[] Order =
    [
        (ChangeKind.Worse, "worse"),
        (ChangeKind.Better, "better"),
        (ChangeKind.Unclear, "unclear"),
        (ChangeKind.Different, "changed"),
        (ChangeKind.Same, "same"),
    ];

    // A headline names so many, and counts the rest.
    const int MostNames = 4;

    static readonly int WordWidth = Order.Max(entry => entry.Word.Length);

    public static string Headline(EvidenceDiff diff) => diff switch
    {
        { Worse: true } => $"{diff.Workload}: worse in {Names(diff, ChangeKind.Worse)}",
        _ when Names(diff, ChangeKind.Better) is { Length: > 0 } better => $"{diff.Workload}: better in {better}",
        _ when Names(diff, ChangeKind.Unclear) is { Length: > 0 } unclear => $"{diff.Workload}: nothing got worse; undecided: {unclear}",
        _ => $"{diff.Workload}: nothing beyond noise",
    };

    public static IEnumerable<(ChangeKind Kind, string Text)> Lines(EvidenceDiff diff) => Sorted(diff)
        .Select(line => (line.Change.Kind, $"  {line.Word.PadRight(WordWidth)}  {line.Change.Subject}: {line.Change.Text}"));

    /// <summary>The runs without a counterpart on the other side.</summary>
    public static IEnumerable<string> Unpaired(EvidenceSetDiff diff) =>
    [
        .. diff.OnlyBefore.Select(id => $"{id}: only before, nothing to compare it with"),
        .. diff.OnlyAfter.Select(id => $"{id}: only after, nothing to compare it with"),
    ];

    public static string Markdown(EvidenceSetDiff diff) =>
        string.Join('\n', diff.Pairs.Select(Markdown)) + string.Concat(Unpaired(diff).Select(remark => $"\n{Escaped(remark)}\n"));

    static string Markdown(EvidenceDiff diff)
    {
        var text = new StringBuilder($"### {Escaped(Headline(diff))}\n\n{diff.Before} → {diff.After}\n\n");
        foreach (var (word, change) in Sorted(diff))
            text.Append(change.Kind == ChangeKind.Worse ? $"- **{word}** " : $"- {word} ")
                .Append(Escaped($"{change.Subject}: {change.Text}")).Append('\n');
        return text.ToString();
    }

    static IEnumerable<(string Word, Change Change)> Sorted(EvidenceDiff diff) => Order.SelectMany(entry =>
        Folded([.. diff.Changes.Where(change => change.Kind == entry.Kind)]).Select(change => (entry.Word, change)));

    // One by one they are in the document of `--json`.
    static IEnumerable<Change> Folded(IReadOnlyList<Change> changes) => changes
        .GroupBy(change => change.Kind is ChangeKind.Same or ChangeKind.Unclear ? change.Group : null)
        .SelectMany(group => group.Key is { } name && group.Count() > MostNames ? [Folded(name, [.. group])] : group.AsEnumerable());

    static Change Folded(string name, IReadOnlyList<Change> changes)
    {
        var subjects = string.Join("; ", changes.Select(change => change.Subject));
        return changes[0].Kind == ChangeKind.Same
            ? new(name, ChangeKind.Same, $"{changes.Count} without a change beyond noise: {subjects}")
            : new(name, ChangeKind.Unclear,
                $"{changes.Count} too noisy to say: {subjects}. Measure both again on a free machine; `--json` has each range");
    }

    static string Names(EvidenceDiff diff, ChangeKind kind)
    {
        string[] names = [.. Folded([.. diff.Changes.Where(change => change.Kind == kind)]).Select(change => change.Subject)];
        return string.Join("; ", names.Take(MostNames)) + (names.Length > MostNames ? $" and {names.Length - MostNames} more" : "");
    }

    // Values come from files: they are words, never markup.
    static string Escaped(string text) =>
        Regex.Replace(Regex.Replace(text, @"\p{Cc}", " "), @"[\\`*_<>\[\]|#&@]", @"\$0");
}
