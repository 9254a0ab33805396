using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Engine.Running;

/// <summary>What workloads.yaml expects of a regime on the machine class that evidence comes from.</summary>
public static class RegimeExpectations
{
    /// <summary>One comparison per axis.</summary>
    public static IReadOnlyDictionary<RegimeAxis, RegimeComparison> Compare(Repository repository, ModelEntry entry, EvidenceRecord evidence)
    {
        var baseline = Baseline(repository, entry, evidence.Machine.Class);
        return evidence.Regimes.All.ToDictionary(
            verdict => verdict.Axis,
            verdict => Compare(Expected(entry, evidence.Machine.Class, verdict.Axis), baseline, evidence, verdict));
    }

    static RegimeComparison Compare(RegimeValue? stated, EvidenceRecord? baseline, EvidenceRecord now, RegimeVerdict measured)
    {
        if (stated is not { } value || baseline is null)
            return RegimeAssertion.Compare(stated, measured, now.Thresholds);
        var shown = baseline.Regimes[measured.Axis].Value;
        return shown == value
            ? RegimeBaseline.Compare(baseline, now, measured.Axis)
            : new(RegimeOutcome.Changed,
                $"{measured.Axis.Name()}: measured {measured.Value.Name()}, expected {value.Name()}, but the evidence of that expectation ({EvidenceFile.Name(baseline)}) " +
                $"shows {shown.Name()}. Write what was measured, or accept a new baseline.");
    }

    /// <summary>The committed evidence behind the regime block; absent when there is none.</summary>
    static EvidenceRecord? Baseline(Repository repository, ModelEntry entry, string machineClass)
    {
        if (!entry.Regimes.TryGetValue(machineClass, out var block)) return null;
        // Only the name is taken from the text, so that it leads nowhere else.
        var sidecar = Path.Combine(repository.EvidenceFolder(machineClass), Path.GetFileName(block.EvidenceSidecar));
        return File.Exists(sidecar) ? EvidenceFile.Read(sidecar) : null;
    }

    /// <summary>Absent when the entry has no baseline for this machine class.</summary>
    public static RegimeValue? Expected(ModelEntry entry, string machineClass, RegimeAxis axis)
    {
        return entry.Regimes.TryGetValue(machineClass, out var block) ? RegimeNames.Parse(axis, block[axis].Value) : null;
    }
}

/// <summary>A reviewable text that stands for a workload's evidence.</summary>
/// <param name="Name">File name without Verify's ending.</param>
public sealed record Snapshot(string Folder, string Name, string Text)
{
    public string File => Path.Combine(Folder, $"{Name}.verified.txt");
}

public static class Snapshots
{
    /// <summary>One per data set, the same on every machine, and where the machine class has a baseline, one of the regime.</summary>
    public static IReadOnlyList<Snapshot> Of(Repository repository, ModelEntry entry, EvidenceRecord evidence)
    {
        var portable = new Snapshot(
            Path.Combine(repository.SnapshotsFolder, "portable"), PortableName(entry, evidence.Data.Dataset, evidence.Settings.GetValueOrDefault("precision.used")), NormalisedEvidence.Portable(evidence));
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

    /// <param name="precision">Of products, where another than fp32 was asked for: bf16 ones move other bytes.</param>
    public static string PortableName(ModelEntry entry, string dataset, string? precision = null) =>
        precision is null || precision == Precision.Fp32.Name() ? $"{entry.Id}.{dataset}" : $"{entry.Id}.{dataset}.{precision}";
}
