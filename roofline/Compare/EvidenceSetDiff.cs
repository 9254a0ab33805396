using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>Two sets of runs, one of each workload and experiment, paired by their ids.</summary>
public sealed record EvidenceSetDiff(IReadOnlyList<EvidenceDiff> Pairs, IReadOnlyList<string> OnlyBefore, IReadOnlyList<string> OnlyAfter)
{
    public bool Worse => Pairs.Any(pair => pair.Worse);

    /// <param name="findings">What follows from the points of an experiment; null when that cannot be said any more.</param>
    public static EvidenceSetDiff Of(
        IReadOnlyList<IRunRecord> before, IReadOnlyList<IRunRecord> after, Func<ExperimentRecord, IReadOnlyList<Finding>?> findings)
    {
        var (was, now) = (before.ToDictionary(Key), after.ToDictionary(Key));
        return new(
            [.. was.Keys.Intersect(now.Keys).OrderBy(key => key.Id, StringComparer.Ordinal).Select(key => Pair(was[key], now[key]))],
            [.. was.Keys.Except(now.Keys).Select(key => key.Id).Order(StringComparer.Ordinal)],
            [.. now.Keys.Except(was.Keys).Select(key => key.Id).Order(StringComparer.Ordinal)]);

        EvidenceDiff Pair(IRunRecord one, IRunRecord other) => (one, other) is (ExperimentRecord asked, ExperimentRecord again)
            ? EvidenceDiff.Of(asked, again, findings)
            : EvidenceDiff.Of((EvidenceRecord)one, (EvidenceRecord)other);
    }

    // An id that was a workload's and is an experiment's now names two things.
    static (string Id, Type Kind) Key(IRunRecord record) => (record.Subject.Id, record.GetType());
}
