using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Compare;

/// <summary>The calibration kernels, an eighth as long: a hundred pairs of runs take minutes.</summary>
sealed class QuickCalibrator : ICalibrator, IDisposable
{
    const int GemmSize = 512;
    const double StreamSeconds = 0.002;
    const int References = 9;

    readonly TorchProbe torch = new();
    readonly ThreadTeam team;
    readonly BandwidthProbe memory;
    readonly BandwidthProbe cache;

    public QuickCalibrator(MachineFacts facts)
    {
        team = new ThreadTeam(torch.Threads);
        memory = new BandwidthProbe(team, WorkingSets.Memory(facts), StreamSeconds);
        cache = new BandwidthProbe(team, WorkingSets.LastLevelCache(facts), StreamSeconds);
    }

    public CalibrationSample Sample()
    {
        var (memoryRate, cacheRate) = (memory.BytesPerSecond(PeakKind.Triad), cache.BytesPerSecond(PeakKind.Triad));
        var product = Math.Min(torch.GemmSeconds(GemmSize), torch.GemmSeconds(GemmSize));
        return new CalibrationSample(Gemm.Flops(GemmSize) / product, memoryRate, cacheRate, torch.EmptyOperatorSeconds());
    }

    /// <summary>Peaks whose roofs are the best of some samples.</summary>
    public MachinePeaks Peaks()
    {
        Sample();
        CalibrationSample[] samples = [.. Enumerable.Range(0, References).Select(_ => Sample())];
        return Tests.Sample.Peaks with
        {
            Threads = torch.Threads,
            Reference = samples,
            Series =
            [
                Series(PeakKind.Gemm, "", PeakSeries.Flops, sample => sample.GemmFlops),
                Series(PeakKind.Triad, MemoryLevels.Memory, PeakSeries.Bytes, sample => sample.MemoryTriadBytes),
                Series(PeakKind.Triad, MemoryLevels.LastLevelCache, PeakSeries.Bytes, sample => sample.CacheTriadBytes),
                Series(PeakKind.EmptyOperator, "", PeakSeries.Seconds, sample => sample.EmptyOperatorSeconds),
            ],
        };

        PeakSeries Series(PeakKind kind, string level, string unit, Func<CalibrationSample, double> value) =>
            new(kind, level, torch.Threads, 0, unit, "quick", [.. samples.Select(value)]);
    }

    public void Dispose()
    {
        team.Dispose();
        torch.Dispose();
    }
}
