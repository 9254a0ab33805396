using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

public class PeakProbeTests
{
    // Caches small enough that the probe's real streams take no time.
    static readonly MachineFacts Small = Sample.Facts with
    {
        Caches = [new(1, "data", 16 << 10, 1), new(2, "unified", 64 << 10, 1), new(3, "unified", 512 << 10, 2)],
    };

    [Fact]
    public void Measures_every_kind_with_repeats_and_seals_them()
    {
        var progress = new List<PeakProgress>();
        var peaks = Probe(new FakeTorch()).Measure(progress.Add);

        Assert.Equal(Enum.GetValues<PeakKind>(), peaks.Series.Select(series => series.Kind).Distinct().Order());
        Assert.All(peaks.Series, series => Assert.True(series.Samples.Count >= 5 && series.Samples.All(sample => sample > 0), series.ToString()));
        Assert.Equal(
            [1, 2], peaks.Series.Where(series => series.Kind is PeakKind.Fma or PeakKind.FmaTile or PeakKind.Gemm).Select(series => series.Threads).Distinct());
        Assert.Equal(FmaKernel.Widths.Select(kernel => (long)kernel.Bits), peaks.Series.Where(series => series is { Kind: PeakKind.Fma, Threads: 2 }).Select(series => series.Size));
        Assert.Equal(
            [MemoryLevels.L1, MemoryLevels.L2, MemoryLevels.LastLevelCache, MemoryLevels.Memory],
            peaks.Series.Where(series => series.Kind == PeakKind.Triad).Select(series => series.Level));
        Assert.Equal(ContentHash.Of(peaks), peaks.ContentSha256);
        Assert.NotNull(CalibratedRoofs.At(peaks.Reference[0], peaks));
        Assert.Equal(progress.Select(step => step.Fraction).Order(), progress.Select(step => step.Fraction));
        Assert.Equal(1, progress[^1].Fraction);
    }

    [Fact]
    public void Streams_stay_in_half_a_level_and_leave_the_last_far_behind()
    {
        var peaks = Probe(new FakeTorch()).Measure();

        Assert.All([(MemoryLevels.L1, 2 * (8 << 10)), (MemoryLevels.L2, 2 * (32 << 10)), (MemoryLevels.LastLevelCache, 256 << 10)],
            level => Assert.InRange(peaks.Find(PeakKind.Triad, level.Item1)!.Size, level.Item2 / 2, level.Item2));
        Assert.InRange(peaks.Find(PeakKind.Triad, MemoryLevels.Memory)!.Size, 1.9 * 1024 * 1024, 2 * 1024 * 1024);
    }

    [Fact]
    public void A_slow_machine_skips_the_largest_products()
    {
        var peaks = Probe(new FakeTorch { FlopsPerSecond = 5e9 }).Measure();

        Assert.Equal([512L, 1024L], peaks.Series.Where(series => series is { Kind: PeakKind.Gemm, Threads: 2 }).Select(series => series.Size));
    }

    [Fact]
    public void Products_run_on_one_thread_and_on_all_which_it_was_before()
    {
        var torch = new FakeTorch();
        Probe(torch).Measure();

        Assert.Equal([1, 2, 2], torch.Used);
    }

    [Fact]
    public void A_type_without_a_kernel_is_said_to_have_none()
    {
        var peaks = Probe(new FakeTorch { Without = "not implemented for 'Char'" }).Measure();

        Assert.Equal(new AbsentPeak(PeakKind.GemmInt8, "not implemented for 'Char'"), Assert.Single(peaks.Absent!));
        Assert.Null(peaks.Find(PeakKind.GemmInt8));
        Assert.NotNull(peaks.Find(PeakKind.GemmBf16));
    }

    [Fact]
    public void Calibration_measures_all_four_kernels()
    {
        using var calibrator = new Calibrator(new FakeTorch(), Small);
        var sample = calibrator.Sample();

        Assert.Equal(Sample.Compute, sample.GemmFlops, 3);
        Assert.Equal(Sample.EmptyOperator, sample.EmptyOperatorSeconds);
        Assert.True(sample.MemoryTriadBytes > 1e8 && sample.CacheTriadBytes > 1e8, sample.ToString());
    }

    static PeakProbe Probe(FakeTorch torch) => new(torch, Small, TimeProvider.System) { SampleSeconds = 0.001 };
}
