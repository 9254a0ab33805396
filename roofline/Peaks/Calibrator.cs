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
