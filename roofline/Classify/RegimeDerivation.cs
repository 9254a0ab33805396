using System.Globalization;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>From raw samples and counts to the three verdicts: used when measuring, and again when a sidecar is verified.</summary>
public static class RegimeDerivation
{
    public static Regimes Derive(StepCount count, StepMeasurement measured, MachinePeaks peaks, RegimeThresholds thresholds)
    {
        var workingSet = WorkingSetClassifier.Classify(count.UniqueBytes, peaks.LastLevelCache.Bytes, thresholds);
        var point = RooflinePoint.From(count, measured, peaks, workingSet.Value);
        var dispatch = new DispatchEvidence(point?.Utilization.Widened(RooflinePoint.Accuracy), point?.CallShare, point?.BatchGrowth);
        return new Regimes(
            workingSet,
            Timed(IntensityClassifier.Classify(count.Flops, count.Bytes, point?.Ridge.Widened(RooflinePoint.Accuracy), thresholds)),
            Timed(DispatchClassifier.Classify(dispatch, thresholds)));

        // A core that others hold slows steps and calibration differently: what was measured then decides nothing.
        RegimeVerdict Timed(RegimeVerdict verdict) => point is { Disturbed: true } && verdict.Value != RegimeValue.Unmeasured
            ? verdict with
            {
                Value = RegimeValue.GreyBand,
                Decided = false,
                Rule = RegimeRules.Of(verdict.Axis, RegimeValue.GreyBand, thresholds),
                Because = $"{verdict.Because}; {Busy(measured)}",
            }
            : verdict;
    }

    static string Busy(StepMeasurement measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"the machine was busy: in {measured.Rounds.Count(round => round.Disturbed)} of {measured.Rounds.Count} rounds threads waited for a core more than {SampleRound.MostQueued:0%} of the time");
}
