using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using Axis = MlPerfEdu.Roofline.Classify.RegimeAxis;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What workloads.yaml expects of a regime on the machine class that evidence comes from.</summary>
public static class RegimeExpectations
{
    /// <summary>One comparison per axis.</summary>
    public static IReadOnlyDictionary<Axis, RegimeComparison> Compare(Repository repository, ModelEntry entry, EvidenceRecord evidence)
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
    public static RegimeValue? Expected(ModelEntry entry, string machineClass, Axis axis)
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
