using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>One round's steps under the roofs that its own calibration gives.</summary>
/// <param name="Seconds">The mean of the round's steps: a calibration kernel is a mean over its time as well.</param>
/// <param name="MemoryRoof">The cache's when what a step touches stays there, else the memory's.</param>
sealed record RooflineRound(
    StepCount Count, double Seconds, double? DoubledSeconds, CalibratedRoofs Roofs, double MemoryRoof, bool Disturbed)
{
    public double FlopsPerSecond => Count.Flops / Seconds;

    public double BytesPerSecond => Count.Bytes / Seconds;

    public double Utilization => Math.Max(FlopsPerSecond / Roofs.Compute, BytesPerSecond / MemoryRoof);

    public double CallShare(long calls) => calls * Roofs.EmptyOperator / Seconds;

    public double? Growth => DoubledSeconds / Seconds;

    public static IEnumerable<RooflineRound> Of(StepCount count, StepMeasurement measured, MachinePeaks peaks, RegimeValue workingSet)
    {
        foreach (var round in measured.Rounds)
        {
            if (round.StepSeconds.Count == 0 || CalibratedRoofs.At(round.Calibration, peaks) is not { } roofs)
                continue;
            yield return new RooflineRound(
                count,
                round.StepSeconds.Average(),
                round.DoubledBatchSeconds.Count == 0 ? null : round.DoubledBatchSeconds.Average(),
                roofs,
                workingSet == RegimeValue.CacheResident ? roofs.Cache : roofs.Memory,
                round.Disturbed);
        }
    }
}
