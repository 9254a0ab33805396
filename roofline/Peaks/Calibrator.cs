using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

public interface ICalibrator
{
    /// <summary>One round of the calibration kernels, some tens of milliseconds.</summary>
    CalibrationSample Sample();
}

/// <summary>Four short kernels, run before the peaks and again between a workload's steps: their ratio scales the peaks.</summary>
public sealed class Calibrator : ICalibrator, IDisposable
{
    const int GemmSize = 1024;
    const int GemmRepeats = 3;
    const double StreamSeconds = 0.01;

    readonly ITorchProbe torch;
    readonly ThreadTeam team;
    readonly BandwidthProbe memory;
    readonly BandwidthProbe cache;

    public Calibrator(ITorchProbe torch, MachineFacts facts)
    {
        this.torch = torch;
        team = new ThreadTeam(torch.Threads);
        memory = new BandwidthProbe(team, WorkingSets.Memory(facts), StreamSeconds);
        cache = new BandwidthProbe(team, WorkingSets.LastLevelCache(facts), StreamSeconds);
    }

    public CalibrationSample Sample()
    {
        // Streams first: libtorch's threads spin for a moment after a product.
        memory.Warm(PeakKind.Triad);
        var memoryRate = memory.BytesPerSecond(PeakKind.Triad);
        cache.Warm(PeakKind.Triad);
        var cacheRate = cache.BytesPerSecond(PeakKind.Triad);
        var products = Enumerable.Range(0, GemmRepeats).Sum(_ => torch.GemmSeconds(GemmSize));
        return new CalibrationSample(
            GemmRepeats * Gemm.Flops(GemmSize) / products, memoryRate, cacheRate, torch.EmptyOperatorSeconds());
    }

    public void Dispose() => team.Dispose();
}

/// <summary>The measured peaks, scaled to the speed of the machine at one calibration.</summary>
/// <param name="Compute">FLOP/s of the largest sustained matrix product.</param>
/// <param name="Memory">B/s of a triad in memory.</param>
/// <param name="Cache">B/s of a triad in the last-level cache.</param>
/// <param name="EmptyOperator">Seconds of an operator on almost no data.</param>
public readonly record struct CalibratedRoofs(double Compute, double Memory, double Cache, double EmptyOperator)
{
    /// <summary>FLOP per byte at which the compute and the memory roof meet.</summary>
    public double Ridge => Compute / Memory;

    /// <summary>The cache's bandwidth when the working set stays there, else the memory's.</summary>
    public double MemoryFor(RegimeValue workingSet) => workingSet == RegimeValue.CacheResident ? Cache : Memory;

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
