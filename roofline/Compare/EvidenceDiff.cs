using MlPerfEdu.Roofline.Evidence;

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

/// <param name="Subject">What was compared.</param>
/// <param name="Text">Both values, how far apart, and why that counts or not.</param>
public sealed record Change(string Subject, ChangeKind Kind, string Text)
{
    /// <summary>Changes of one group are folded into one line while they stay the same.</summary>
    public string? Group { get; init; }
}
