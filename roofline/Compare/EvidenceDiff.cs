namespace MlPerfEdu.Roofline.Compare;

/// <summary>The changes from one run of a workload or experiment to another.</summary>
public sealed record EvidenceDiff(string Workload, string Before, string After, IReadOnlyList<Change> Changes)
{
    public bool Worse => Changes.Any(change => change.Kind == ChangeKind.Worse);

    public static EvidenceDiff Of(EvidenceRecord before, EvidenceRecord after)
    {
        var circumstances = Circumstances.Of(before, after);
        return Of(before, after,
        [
            .. circumstances.Changes(),
            .. EvidenceChanges.Counts(before.Count, after.Count),
            EvidenceChanges.Trajectory(before, after, circumstances),
            .. EvidenceChanges.Quality(before, after, circumstances),
            .. EvidenceChanges.Regimes(before, after, circumstances),
            .. CostChanges.Of(before, after, circumstances),
        ]);
    }

    /// <param name="findings">The findings of a record; null when its entry in workloads.yaml has changed since.</param>
    public static EvidenceDiff Of(
        ExperimentRecord before, ExperimentRecord after, Func<ExperimentRecord, IReadOnlyList<Finding>?> findings)
    {
        var circumstances = Circumstances.Of(before, after);
        return Of(before, after,
        [
            .. circumstances.Changes(),
            .. EvidenceChanges.Quality(before.Checks, after.Checks),
            .. FindingChanges.Of(new(before, findings(before)), new(after, findings(after)), circumstances.TimesDifferBecause),
            CostChanges.PeakMemory(before.PeakMemoryBytes, after.PeakMemoryBytes, circumstances.TimesDifferBecause),
        ]);
    }

    static EvidenceDiff Of(IRunRecord before, IRunRecord after, IReadOnlyList<Change> changes) => before.Subject.Id == after.Subject.Id
        ? new(before.Subject.Id, before.MeasuredAt, after.MeasuredAt, changes)
        : throw new ArgumentException(
            $"Evidence of {before.Subject.Id} and of {after.Subject.Id}; compare two runs of one workload.", nameof(after));
}

/// <summary>Two sets of runs, one of each workload and experiment, paired by their ids.</summary>
public sealed record EvidenceSetDiff(IReadOnlyList<EvidenceDiff> Pairs, IReadOnlyList<string> OnlyBefore, IReadOnlyList<string> OnlyAfter)
{
    public bool Worse => Pairs.Any(pair => pair.Worse);

    /// <param name="findings">The findings of an experiment; null when its entry in workloads.yaml has changed since.</param>
    public static EvidenceSetDiff Of(
        IReadOnlyList<IRunRecord> before, IReadOnlyList<IRunRecord> after, Func<ExperimentRecord, IReadOnlyList<Finding>?> findings)
    {
        var (was, now) = (before.ToDictionary(Key), after.ToDictionary(Key));
        return new(
            [.. was.Keys.Intersect(now.Keys).OrderBy(key => key.Id, StringComparer.Ordinal).Select(key => Pair(was[key], now[key]))],
            [.. was.Keys.Except(now.Keys).Select(key => key.Id).Order(StringComparer.Ordinal)],
            [.. now.Keys.Except(was.Keys).Select(key => key.Id).Order(StringComparer.Ordinal)]);

        EvidenceDiff Pair(IRunRecord first, IRunRecord second) => (first, second) is (ExperimentRecord one, ExperimentRecord other)
            ? EvidenceDiff.Of(one, other, findings)
            : EvidenceDiff.Of((EvidenceRecord)first, (EvidenceRecord)second);
    }

    // An id that was a workload's and is an experiment's now names two things.
    static (string Id, Type Kind) Key(IRunRecord record) => (record.Subject.Id, record.GetType());
}

public enum ChangeKind
{
    /// <summary>Equal, or not further apart than noise.</summary>
    Same,

    /// <summary>Another value, neither better nor worse in itself.</summary>
    Different,
    Better,
    Worse,

    /// <summary>The measurements do not decide, or cannot be compared.</summary>
    Unclear,
}

/// <param name="Text">Both values, how far apart, and why that counts or not.</param>
public sealed record Change(string Subject, ChangeKind Kind, string Text)
{
    /// <summary>Changes of one group are folded into one line while they stay the same.</summary>
    public string? Group { get; init; }
}

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
        .. Only("before", diff.OnlyBefore),
        .. Only("after", diff.OnlyAfter),
    ];

    static IEnumerable<string> Only(string side, IReadOnlyList<string> ids) =>
        ids.Count == 0 ? [] : [$"Not compared, because only {side}: {string.Join(", ", ids)}"];

    public static string Markdown(EvidenceSetDiff diff) =>
        string.Join('\n', diff.Pairs.Select(Markdown)) + string.Concat(Unpaired(diff).Select(remark => $"\n{MarkdownText.Of(remark)}\n"));

    static string Markdown(EvidenceDiff diff)
    {
        var text = new StringBuilder($"### {MarkdownText.Of(Headline(diff))}\n\n{MarkdownText.Of($"{diff.Before} → {diff.After}")}\n\n");
        foreach (var (word, change) in Sorted(diff))
            text.Append(change.Kind == ChangeKind.Worse ? $"- **{word}** " : $"- {word} ")
                .Append(MarkdownText.Of($"{change.Subject}: {change.Text}")).Append('\n');
        return text.ToString();
    }

    /// <summary>Worse first, unchanged last, with the word for each kind.</summary>
    internal static IEnumerable<(string Word, Change Change)> Sorted(EvidenceDiff diff) => Order.SelectMany(entry =>
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
}
