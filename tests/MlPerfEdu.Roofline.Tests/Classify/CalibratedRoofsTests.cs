using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Classify;

public class CalibratedRoofsTests
{
    [Fact]
    public void Peaks_are_the_best_repeat_of_the_best_size()
    {
        Assert.Equal((Sample.Compute, 1024), (Sample.Peaks.Find(PeakKind.Gemm)!.Best, Sample.Peaks.Find(PeakKind.Gemm)!.Size));
        Assert.Equal(Sample.EmptyOperator, Sample.Peaks.Find(PeakKind.EmptyOperator)!.Best);
        Assert.Equal(0.9 * Sample.Compute, Sample.Peaks.Find(PeakKind.Gemm)!.Median, 3);
        Assert.Null(Sample.Peaks.Find(PeakKind.Triad, MemoryLevels.L1));
    }

    [Fact]
    public void Peaks_of_other_thread_counts_are_not_this_runs()
    {
        var single = Sample.Peaks with { Threads = 1 };

        Assert.Null(single.Find(PeakKind.Gemm));
        Assert.NotNull(single.Find(PeakKind.EmptyOperator));
    }

    // By the median it would be the steady one, which never was as fast.
    [Theory]
    [InlineData(PeakKind.Gemm, 2 * Sample.Compute, Sample.Compute / 10, Sample.Compute / 10)]
    [InlineData(PeakKind.EmptyOperator, Sample.EmptyOperator / 2, 9 * Sample.EmptyOperator, 9 * Sample.EmptyOperator)]
    public void Of_several_series_the_one_with_the_best_repeat_counts(PeakKind kind, double best, double second, double third)
    {
        var steady = Sample.Peaks.Find(kind)!;
        var quick = steady with { Samples = [second, best, third] };

        Assert.Equal(quick, (Sample.Peaks with { Series = [steady, quick] }).Find(kind));
        Assert.Equal(quick, (Sample.Peaks with { Series = [quick, steady] }).Find(kind));
    }

    [Fact]
    public void One_calibration_at_the_time_of_the_peaks_is_enough()
    {
        var peaks = Sample.Peaks with { Reference = [Sample.Calibration] };

        Assert.Equal(Sample.Compute, CalibratedRoofs.At(Sample.Calibration, peaks)!.Value.Compute, 3);
    }

    [Fact]
    public void Roofs_follow_the_calibration_of_the_run()
    {
        var half = Sample.Calibration with { GemmFlops = Sample.Compute / 2, MemoryTriadBytes = 2 * Sample.Memory, EmptyOperatorSeconds = 3e-6 };
        var roofs = CalibratedRoofs.At(half, Sample.Peaks)!.Value;

        Assert.Equal(Sample.Compute / 2, roofs.Compute, 3);
        Assert.Equal(2 * Sample.Memory, roofs.Memory, 3);
        Assert.Equal(Sample.Cache, roofs.Cache, 3);
        Assert.Equal(3e-6, roofs.EmptyOperator);
    }

    [Fact]
    public void Peaks_taken_on_a_busy_machine_do_not_raise_the_roof()
    {
        CalibrationSample[] busy = [.. Enumerable.Repeat(Sample.Calibration with { GemmFlops = Sample.Compute / 3 }, 8), Sample.Calibration];

        Assert.Equal(Sample.Compute, CalibratedRoofs.At(Sample.Calibration, Sample.Peaks with { Reference = busy })!.Value.Compute, 3);
    }

    [Fact]
    public void A_missing_probe_gives_no_roofs()
    {
        Assert.Null(CalibratedRoofs.At(Sample.Calibration, Sample.Peaks with { Series = [] }));
        Assert.Null(CalibratedRoofs.At(Sample.Calibration, Sample.Peaks with { Reference = [] }));
    }
}

public class GemmShareTests
{
    // Rates of one thread and of two.
    [Theory]
    [InlineData(0.92, 0.95, 1.84, 1.90, 2.0, "the multiply-add units")]
    [InlineData(1.50, 0.95, 3.00, 1.90, 2.0, "nothing seen here: it is above the roof, so the C# kernel is suspect")]
    [InlineData(0.92, 0.95, 1.50, 1.90, 2.0, "threads: 2 multiply 1.63 times as fast as one, the C# kernel 2.00 times")]
    [InlineData(0.80, 0.85, 1.60, 1.70, 2.0, "loads: the inner loop of a product alone, all in L1, reaches 85")]
    [InlineData(0.80, 0.95, 1.60, 1.90, 2.0, "the library's own kernel: a product so large that what grows with its operands vanishes would reach 80")]
    public void What_bounds_a_product_follows_from_the_other_kernels(
        double gemm, double tile, double gemm2, double tile2, double fma2, string bound)
    {
        var shares = GemmShare.Of(Peaks(
            Series(PeakKind.Gemm, 1, gemm), Series(PeakKind.FmaTile, 1, tile), Series(PeakKind.Fma, 1, 1),
            Series(PeakKind.Gemm, 2, gemm2), Series(PeakKind.FmaTile, 2, tile2), Series(PeakKind.Fma, 2, fma2)));

        Assert.Equal([1, 2], shares.Select(share => share.Threads));
        Assert.Equal([gemm, gemm2 / fma2], shares.Select(share => Math.Round(share.Share, 9)));
        Assert.StartsWith(bound, shares[1].Bound, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_size_against_the_fastest_width()
    {
        var share = Assert.Single(GemmShare.Of(Peaks(
            Series(PeakKind.Gemm, 1, 0.5, size: 512), Series(PeakKind.Gemm, 1, 0.95, size: 2048), Series(PeakKind.GemmBf16, 1, 4, size: 1024),
            Series(PeakKind.Fma, 1, 1, size: 256), Series(PeakKind.Fma, 1, 0.9, size: 512))));

        Assert.Equal((2048, 256, 0.95), (share.Size, share.Bits, Math.Round(share.Share, 9)));
    }

    // 1/rate = 1/0.96 + 100/n: packing costs a hundredth at 10,000 rows.
    [Fact]
    public void Overhead_that_shrinks_with_the_size_is_packing()
    {
        var share = Assert.Single(GemmShare.Of(Peaks(
            [.. new[] { 250L, 500, 1000 }.Select(size => Series(PeakKind.Gemm, 1, 1 / (1 / 0.96 + 100.0 / size), size)), Series(PeakKind.Fma, 1, 1)])));

        Assert.StartsWith("packing and traffic between caches: a product so large that what grows with its operands vanishes would reach 96", share.Bound, StringComparison.Ordinal);
        Assert.Contains("1000 rows 88", share.Bound, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_of_a_busy_machine_decide_nothing()
    {
        var busy = Series(PeakKind.Gemm, 1, 1) with { Samples = [0.5, 0.9, 0.95, 1, 0.4] };

        Assert.StartsWith("something undecided", GemmShare.Of(Peaks(busy, Series(PeakKind.Fma, 1, 1)))[0].Bound, StringComparison.Ordinal);
    }

    static MachinePeaks Peaks(params PeakSeries[] series) => Sample.Peaks with { Series = series };

    static PeakSeries Series(PeakKind kind, int threads, double rate, long size = 512) =>
        new(kind, "", threads, size, PeakSeries.Flops, "", [0.99 * rate, rate, 1.01 * rate]);
}
