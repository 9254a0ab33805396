using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using Axis = MlPerfEdu.Roofline.Classify.RegimeAxis;

namespace MlPerfEdu.Workloads.Running;

/// <summary>A reviewable text that stands for a workload's evidence.</summary>
/// <param name="Name">File name without Verify's ending.</param>
public sealed record Snapshot(string Folder, string Name, string Text)
{
    public string File => Path.Combine(Folder, $"{Name}.verified.txt");
}

public static class Snapshots
{
    /// <summary>One that holds on every machine, per data set, and one of the regime, per machine class with a baseline.</summary>
    public static IReadOnlyList<Snapshot> Of(Repository repository, ModelEntry entry, EvidenceRecord evidence)
    {
        var portable = new Snapshot(
            Path.Combine(repository.SnapshotsFolder, "portable"), PortableName(entry, evidence.Data.Dataset), NormalisedEvidence.Portable(evidence));
        return entry.Regimes.ContainsKey(evidence.Machine.Class) ? [portable, OfRegime(repository, entry, evidence)] : [portable];
    }

    static Snapshot OfRegime(Repository repository, ModelEntry entry, EvidenceRecord evidence)
    {
        var machine = evidence.Machine.Class;
        var kept = RegimeExpectations.Compare(repository, entry, evidence)
            .Where(axis => axis.Value.Outcome is RegimeOutcome.Kept or RegimeOutcome.NotExcluded)
            .ToDictionary(axis => axis.Key, axis => RegimeExpectations.Expected(entry, machine, axis.Key)!.Value);
        return new(Path.Combine(repository.SnapshotsFolder, machine), entry.Id, NormalisedEvidence.MachineClass(evidence, kept));
    }

    /// <summary>What an experiment found that is the same on every machine.</summary>
    public static Snapshot Of(Repository repository, ExperimentEntry entry, string portable) =>
        new(Path.Combine(repository.SnapshotsFolder, "portable"), entry.Id, portable);

    public static string PortableName(ModelEntry entry, string dataset) => $"{entry.Id}.{dataset}";
}
