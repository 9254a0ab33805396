using MlPerfEdu.Roofline.Classify;
using static System.FormattableString;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>
/// Whether a run contradicts the regime of an earlier one. Both timed axes are the workload's doing and the machine's: neighbours on a
/// host leave a virtual machine half of its memory bandwidth or all of it. Only the workload's part can be contradicted.
/// </summary>
public static class RegimeBaseline
{
    public static RegimeComparison Compare(EvidenceRecord baseline, EvidenceRecord now, RegimeAxis axis)
    {
        var comparison = RegimeAssertion.Compare(baseline.Regimes[axis].Value, now.Regimes[axis], now.Thresholds);
        return comparison.Fails && MachinesPart(baseline, now, axis) is { } reason
            ? new(RegimeOutcome.NotExcluded, $"{comparison.Message} But {reason}: what changed is the machine.")
            : comparison;
    }

    // What a step touches needs no roof.
    static string? MachinesPart(EvidenceRecord baseline, EvidenceRecord now, RegimeAxis axis) => axis switch
    {
        RegimeAxis.ArithmeticIntensity => SameUnderTheseRoofs(baseline, now),
        RegimeAxis.Dispatch => RoofShift.Between(baseline, now),
        _ => null,
    };

    // FLOP per byte are the workload's, the ridge is the machine's.
    static string? SameUnderTheseRoofs(EvidenceRecord baseline, EvidenceRecord now)
    {
        var derived = RegimeDerivation.Derive(baseline.Count, now.Measurement, now.Peaks, now.Thresholds).ArithmeticIntensity.Value;
        return RegimeAssertion.Compare(derived, now.Regimes.ArithmeticIntensity, now.Thresholds).Fails
            ? null
            : Invariant($"the {baseline.Count.FlopsPerByte:0.###} FLOP/byte of the expectation are {derived.Name()} under these roofs, too");
    }
}
