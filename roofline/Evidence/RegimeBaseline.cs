using System.Globalization;
using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>
/// Whether a run contradicts the regime of an earlier one. Both timed axes depend on the workload and on the machine: neighbours on a
/// host leave a virtual machine half of its memory bandwidth or all of it. Only the workload's part can be contradicted.
/// </summary>
public static class RegimeBaseline
{
    // What neighbours of a virtual machine make of the same step.
    const double MostShift = 2;

    public static RegimeComparison Compare(EvidenceRecord baseline, EvidenceRecord now, RegimeAxis axis)
    {
        var comparison = RegimeAssertion.Compare(baseline.Regimes[axis].Value, now.Regimes[axis], now.Thresholds);
        return comparison.Fails && MachinesPart(baseline, now, axis) is { } reason
            ? new(RegimeOutcome.NotExcluded, $"{comparison.Message} But {reason}: what changed is the machine.")
            : comparison;
    }

    static string? MachinesPart(EvidenceRecord baseline, EvidenceRecord now, RegimeAxis axis) => axis switch
    {
        RegimeAxis.ArithmeticIntensity => SameUnderTheseRoofs(baseline, now),
        RegimeAxis.Dispatch => RoofShift.Between(baseline, now) ?? NearTheBaseline(baseline, now),
        // The working set needs no roof.
        _ => null,
    };

    // Between the thresholds, or below them without an explanation, the baseline itself has no verdict: what counts is how far the step has moved from it.
    static string? NearTheBaseline(EvidenceRecord baseline, EvidenceRecord now) =>
        baseline.Regimes.Dispatch.Value == RegimeValue.GreyBand && baseline.Point() is { } was && now.Point() is { } point
        && point.Utilization.High * MostShift >= was.Utilization.Low && point.Utilization.Low <= was.Utilization.High * MostShift
            ? string.Create(CultureInfo.InvariantCulture, $"the utilisation is {point.Utilization.Middle:0.###}, and was {was.Utilization.Middle:0.###}, less than {MostShift:0} times apart")
            : null;

    // FLOP per byte are the workload's, the ridge is the machine's.
    static string? SameUnderTheseRoofs(EvidenceRecord baseline, EvidenceRecord now)
    {
        var derived = RegimeDerivation.Derive(baseline.Count, now.Measurement, now.Peaks, now.Thresholds).ArithmeticIntensity.Value;
        return RegimeAssertion.Compare(derived, now.Regimes.ArithmeticIntensity, now.Thresholds).Fails
            ? null
            : $"the {baseline.Count.FlopsPerByte:0.###} FLOP/byte of the expectation are {derived.Name()} under these roofs, too";
    }
}

/// <summary>Whether the roofs of two runs lie so far apart that the same step may reach another share of them, unchanged.</summary>
public static class RoofShift
{
    /// <summary>Calibration holds within a tenth on either side; a baseline in the grey band tolerates any smaller shift.</summary>
    public const double Limit = 1.5;

    /// <summary>Absent when the roofs are alike, or when one of the runs was not measured.</summary>
    public static string? Between(EvidenceRecord baseline, EvidenceRecord now)
    {
        if (baseline.Point() is not { } was || now.Point() is not { } point)
            return null;
        return Shift("compute roof", "FLOP/s", was.Compute, point.Compute) ?? Shift("memory roof", "B/s", was.MemoryRoof, point.MemoryRoof);
    }

    static string? Shift(string roof, string unit, Interval was, Interval now) =>
        Math.Max(now.Middle / was.Middle, was.Middle / now.Middle) > Limit
            ? $"the {roof} is at {Units.Si(now.Middle, unit)}, and was at {Units.Si(was.Middle, unit)}"
            : null;
}
