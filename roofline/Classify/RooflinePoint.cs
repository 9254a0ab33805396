using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Where a step lies under the roofs of its machine.</summary>
/// <param name="MemoryRoof">The bandwidth it is held against: the cache's when what it touches stays there, else the memory's.</param>
public sealed record RooflinePoint(
    double FlopsPerByte, Interval StepSeconds, Interval FlopsPerSecond, Interval BytesPerSecond, CalibratedRoofs Roofs, Interval MemoryRoof)
{
    public Interval Utilization => Interval.Max(FlopsPerSecond / Roofs.Compute, BytesPerSecond / MemoryRoof);

    /// <summary>Absent when the step or the roofs are not measured well enough for an interval.</summary>
    public static RooflinePoint? From(StepCount count, StepMeasurement measured, MachinePeaks peaks, RegimeValue workingSet)
    {
        if (Statistics.MedianInterval(measured.StepSeconds, measured.Confidence) is not { } seconds
            || CalibratedRoofs.From(peaks, measured.Calibration, measured.Confidence) is not { } roofs)
        {
            return null;
        }

        return new RooflinePoint(
            count.FlopsPerByte,
            seconds,
            count.Flops / seconds,
            count.Bytes / seconds,
            roofs,
            workingSet == RegimeValue.CacheResident ? roofs.Cache : roofs.Memory);
    }
}
