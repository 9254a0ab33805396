using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>What changed from one run of a workload or experiment to another.</summary>
public sealed record EvidenceDiff(string Workload, string Before, string After, IReadOnlyList<Change> Changes)
{
    public bool Worse => Changes.Any(change => change.Kind == ChangeKind.Worse);

    public static EvidenceDiff Of(EvidenceRecord before, EvidenceRecord after)
    {
        var circumstances = Circumstances.Of(before, after);
        return Of(
            before, after,
            [
                .. circumstances.Changes(),
                .. CountChanges.Of(before.Count, after.Count),
                TrajectoryChange.Of(before, after, circumstances),
                .. QualityChanges.Of(before, after, circumstances),
                .. RegimeChanges.Of(before, after, circumstances),
                .. CostChanges.Of(before, after, circumstances),
            ]);
    }

    /// <param name="findings">What follows from the points of a record; null when that cannot be said any more.</param>
    public static EvidenceDiff Of(
        ExperimentRecord before, ExperimentRecord after, Func<ExperimentRecord, IReadOnlyList<Finding>?> findings)
    {
        var circumstances = Circumstances.Of(before, after);
        return Of(
            before, after,
            [
                .. circumstances.Changes(),
                .. QualityChanges.Of(before.Checks, after.Checks),
                .. FindingChanges.Of(new(before, findings(before)), new(after, findings(after)), circumstances.TimesDifferBecause),
                CostChanges.PeakMemory(before.PeakMemoryBytes, after.PeakMemoryBytes, circumstances.TimesDifferBecause),
            ]);
    }

    static EvidenceDiff Of(IRunRecord before, IRunRecord after, IReadOnlyList<Change> changes) => before.Subject.Id == after.Subject.Id
        ? new(before.Subject.Id, before.MeasuredAt, after.MeasuredAt, changes)
        : throw new ArgumentException(
            $"Evidence of {before.Subject.Id} and of {after.Subject.Id}; compare two runs of one workload.", nameof(after));
}
