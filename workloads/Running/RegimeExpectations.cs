using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using Axis = MlPerfEdu.Roofline.Classify.RegimeAxis;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What workloads.yaml expects of a regime on the machine class that evidence comes from.</summary>
public static class RegimeExpectations
{
    public static RegimeComparison Compare(WorkloadEntry entry, EvidenceRecord evidence, string axis)
    {
        var verdict = evidence.Regimes.All.Single(candidate => candidate.Axis.Name() == axis);
        return Compare(entry, evidence, verdict);
    }

    public static RegimeComparison Compare(WorkloadEntry entry, EvidenceRecord evidence, RegimeVerdict verdict) =>
        RegimeAssertion.Compare(Expected(entry, evidence.Machine.Class, verdict.Axis), verdict, evidence.Thresholds);

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
