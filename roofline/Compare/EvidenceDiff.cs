using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>What changed from one run of a workload to another.</summary>
public sealed record EvidenceDiff(string Workload, string Before, string After, IReadOnlyList<Change> Changes)
{
    public bool Worse => Changes.Any(change => change.Kind == ChangeKind.Worse);

    public static EvidenceDiff Of(EvidenceRecord before, EvidenceRecord after)
    {
        if (before.Workload.Id != after.Workload.Id)
            throw new ArgumentException(
                $"Evidence of {before.Workload.Id} and of {after.Workload.Id}; compare two runs of one workload.", nameof(after));
        var circumstances = Circumstances.Of(before, after);
        return new(
            before.Workload.Id,
            before.MeasuredAt,
            after.MeasuredAt,
            [
                .. circumstances.Changes(),
                .. CountChanges.Of(before.Count, after.Count),
                TrajectoryChange.Of(before, after, circumstances),
                .. QualityChanges.Of(before, after, circumstances),
                .. RegimeChanges.Of(before, after, circumstances),
                .. CostChanges.Of(before, after, circumstances),
            ]);
    }
}
