using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using Axis = MlPerfEdu.Roofline.Classify.RegimeAxis;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What workloads.yaml expects of a regime on the machine class that evidence comes from.</summary>
public static class RegimeExpectations
{
    /// <summary>One comparison per axis.</summary>
    public static IReadOnlyDictionary<Axis, RegimeComparison> Compare(Repository repository, WorkloadEntry entry, EvidenceRecord evidence)
    {
        var shift = RoofShiftOf(repository, entry, evidence);
        return evidence.Regimes.All.ToDictionary(
            verdict => verdict.Axis,
            verdict => RegimeAssertion.Compare(Expected(entry, evidence.Machine.Class, verdict.Axis), verdict, evidence.Thresholds, shift));
    }

    /// <summary>How the roofs lie elsewhere than those of the committed baseline; absent when they do not, or when there is none.</summary>
    public static string? RoofShiftOf(Repository repository, WorkloadEntry entry, EvidenceRecord evidence)
    {
        if (!entry.Regimes.TryGetValue(evidence.Machine.Class, out var block)) return null;
        var sidecar = Path.Combine(repository.Root, block.EvidenceSidecar);
        return File.Exists(sidecar) ? RoofShift.Between(EvidenceFile.Read(sidecar), evidence) : null;
    }

    /// <summary>Absent when the entry has no baseline for this machine class.</summary>
    public static RegimeValue? Expected(WorkloadEntry entry, string machineClass, Axis axis)
    {
        if (!entry.Regimes.TryGetValue(machineClass, out var block)) return null;
        var stated = axis switch
        {
            Axis.WorkingSet => block.WorkingSet,
            Axis.ArithmeticIntensity => block.ArithmeticIntensity,
            _ => block.Dispatch,
        };
        return RegimeNames.Parse(axis, stated.Value);
    }
}
