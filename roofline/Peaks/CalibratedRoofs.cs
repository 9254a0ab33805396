namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The measured peaks, scaled to how fast the machine was at one calibration.</summary>
/// <param name="Compute">FLOP/s of the largest sustained matrix product.</param>
/// <param name="Memory">B/s of a triad in memory.</param>
/// <param name="Cache">B/s of a triad in the last-level cache.</param>
/// <param name="EmptyOperator">Seconds of an operator on almost no data.</param>
public readonly record struct CalibratedRoofs(double Compute, double Memory, double Cache, double EmptyOperator)
{
    /// <summary>FLOP per byte at which the compute and the memory roof meet.</summary>
    public double Ridge => Compute / Memory;

    /// <summary>Absent when the peaks lack a probe that was calibrated.</summary>
    public static CalibratedRoofs? At(CalibrationSample now, MachinePeaks peaks)
    {
        return Scaled(PeakKind.Gemm, "", sample => sample.GemmFlops) is { } compute
            && Scaled(PeakKind.Triad, MemoryLevels.Memory, sample => sample.MemoryTriadBytes) is { } memory
            && Scaled(PeakKind.Triad, MemoryLevels.LastLevelCache, sample => sample.CacheTriadBytes) is { } cache
            ? new CalibratedRoofs(compute, memory, cache, now.EmptyOperatorSeconds)
            : null;

        // Best over best: both were reached in the machine's quietest moment of that minute.
        double? Scaled(PeakKind kind, string level, Func<CalibrationSample, double> rate) =>
            peaks.Find(kind, level) is { } series && peaks.Reference.Count > 0
                ? series.Best * rate(now) / peaks.Reference.Max(rate)
                : null;
    }
}
