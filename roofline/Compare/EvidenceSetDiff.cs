using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>Two sets of runs, one of each workload, paired by workload.</summary>
public sealed record EvidenceSetDiff(IReadOnlyList<EvidenceDiff> Pairs, IReadOnlyList<string> OnlyBefore, IReadOnlyList<string> OnlyAfter)
{
    public bool Worse => Pairs.Any(pair => pair.Worse);

    public static EvidenceSetDiff Of(IReadOnlyList<EvidenceRecord> before, IReadOnlyList<EvidenceRecord> after)
    {
        var (was, now) = (before.ToDictionary(record => record.Workload.Id), after.ToDictionary(record => record.Workload.Id));
        return new(
            [.. was.Keys.Intersect(now.Keys).Order(StringComparer.Ordinal).Select(id => EvidenceDiff.Of(was[id], now[id]))],
            [.. was.Keys.Except(now.Keys).Order(StringComparer.Ordinal)],
            [.. now.Keys.Except(was.Keys).Order(StringComparer.Ordinal)]);
    }
}
