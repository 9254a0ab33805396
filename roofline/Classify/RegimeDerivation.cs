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
        return new Regimes(
            workingSet,
            IntensityClassifier.Classify(count.Flops, count.Bytes, point?.Roofs.Ridge, thresholds),
            DispatchClassifier.Classify(Dispatch(count, measured, point), thresholds));
    }

    static DispatchEvidence Dispatch(StepCount count, StepMeasurement measured, RooflinePoint? point)
    {
        if (point is null)
            return new DispatchEvidence(null, null, null);
        var calls = measured.RecordedCalls ?? count.OperatorCalls;
        var doubled = Statistics.MedianInterval(measured.DoubledBatchSeconds, measured.Confidence);
        return new DispatchEvidence(
            point.Utilization,
            calls * point.Roofs.EmptyOperator / point.StepSeconds,
            doubled / point.StepSeconds);
    }
}
