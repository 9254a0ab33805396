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
            IntensityClassifier.Classify(count.Flops, count.Bytes, point?.Ridge.Widened(RooflinePoint.Accuracy), thresholds),
            DispatchClassifier.Classify(dispatch, thresholds));
    }
}
