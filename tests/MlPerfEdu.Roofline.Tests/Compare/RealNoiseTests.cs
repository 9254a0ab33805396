using System.Diagnostics;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Tests.Classify;
using MlPerfEdu.Roofline.Torch;
using TorchSharp;

namespace MlPerfEdu.Roofline.Tests.Compare;

/// <summary>Pairs of real measurements next to a process that comes and goes: minutes, so only on request.</summary>
public class RealNoiseTests(ITestOutputHelper output)
{
    const string Switch = "MLPERFEDU_LONG_TESTS";
    const int Pairs = 50;
    const int Repeats = 10;
    const int SlowerRepeats = 13;

    static readonly SamplingPlan Plan = new() { RoundSeconds = 0.02, BudgetSeconds = 0.8 };

    [Fact]
    public void Real_pairs_are_told_apart_from_noise()
    {
        if (Environment.GetEnvironmentVariable(Switch) != "1")
        {
            output.WriteLine($"Not run: {2 * 2 * Pairs} measurements take minutes and an otherwise free core; set {Switch}=1 to run them.");
            return;
        }

        // One thread: what a product of several does beside a neighbour depends on how BLAS waits, not on the comparison.
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        using var calibrator = new QuickCalibrator(MlPerfEdu.Roofline.Detect.Machine.Facts());
        var peaks = calibrator.Peaks();
        using var load = new RandomLoad();
        var same = Compare("identical", Repeats);
        var slower = Compare("slower", SlowerRepeats);
        torch.set_num_threads(threads);

        Assert.InRange(same.Count(pair => pair.Verdict is StepTimeVerdict.Slower or StepTimeVerdict.Faster), 0, 1);
        Assert.InRange(slower.Count(pair => pair.Verdict == StepTimeVerdict.Slower), 48, Pairs);

        StepTimeComparison[] Compare(string name, int repeats)
        {
            StepTimeComparison[] compared =
                [.. Enumerable.Range(0, Pairs).Select(_ => StepTimeComparison.Of(Measured(Repeats), Measured(repeats)))];
            var verdicts = compared.GroupBy(pair => pair.Verdict).Select(group => $"{group.Key} {group.Count()}");
            output.WriteLine($"{name}: {string.Join(", ", verdicts)}; "
                + $"factors {compared.Min(pair => pair.Factor):0.000} to {compared.Max(pair => pair.Factor):0.000}; "
                + $"widest interval {compared.Max(pair => pair.Ratio!.Value.High / pair.Ratio.Value.Low):0.00}x");
            return compared;
        }

        EvidenceRecord Measured(int repeats)
        {
            var meter = new RegimeMeter(peaks, calibrator, new TorchRecorder(), new SystemClock(), Thresholds.Usual, Plan);
            var measured = meter.Measure(new ProductStep(repeats));
            var (count, measurement, regimes) = measured;
            return Sample.Evidence() with { Count = count, Measurement = measurement, Peaks = peaks, Regimes = regimes };
        }
    }
}

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

/// <summary>Another process that is busy for a random while, then idle for one, until it is disposed.</summary>
sealed class RandomLoad : IDisposable
{
    // Fractions of a second busy, then idle; the shell itself is the load.
    const string Script =
        "awk 'BEGIN { srand(7); while (1) { print int(rand() * 1200) + 100, int(rand() * 15) / 10; fflush() } }' | "
        + "while read work idle; do i=0; while [ $i -lt \"$((work * 300))\" ]; do i=$((i + 1)); done; sleep \"$idle\"; done";

    readonly Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", Script]))!;

    public void Dispose()
    {
        shell.Kill(entireProcessTree: true);
        shell.Dispose();
    }
}
