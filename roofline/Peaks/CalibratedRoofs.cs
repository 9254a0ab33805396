using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The measured peaks, scaled to how fast the machine was while the workload ran.</summary>
/// <param name="Compute">FLOP/s of the largest sustained matrix product.</param>
/// <param name="Memory">byte/s of a triad in memory.</param>
/// <param name="Cache">byte/s of a triad in the last-level cache.</param>
/// <param name="EmptyOperator">Seconds of an operator on almost no data.</param>
public sealed record CalibratedRoofs(Interval Compute, Interval Memory, Interval Cache, Interval EmptyOperator)
{
    /// <summary>FLOP per byte at which the compute and the memory roof meet.</summary>
    public Interval Ridge => Compute / Memory;

    /// <summary>Absent when a probe is missing or there are too few calibration samples.</summary>
    public static CalibratedRoofs? From(MachinePeaks peaks, IReadOnlyList<CalibrationSample> now, double confidence)
    {
        return Scale(PeakKind.Gemm, "", sample => sample.GemmFlops) is { } compute
            && Scale(PeakKind.Triad, MemoryLevels.Memory, sample => sample.MemoryTriadBytes) is { } memory
            && Scale(PeakKind.Triad, MemoryLevels.LastLevelCache, sample => sample.CacheTriadBytes) is { } cache
            && Statistics.MedianInterval([.. now.Select(sample => sample.EmptyOperatorSeconds)], confidence) is { } empty
            ? new CalibratedRoofs(compute, memory, cache, empty)
            : null;

        Interval? Scale(PeakKind kind, string level, Func<CalibrationSample, double> rate)
        {
            if (peaks.Find(kind, level) is not { } series || peaks.Reference.Count == 0)
                return null;
            var then = Statistics.Median([.. peaks.Reference.Select(rate)]);
            return Statistics.MedianInterval([.. now.Select(rate)], confidence) is { } interval
                ? series.Best / then * interval
                : null;
        }
    }
}
