using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

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
        Assert.Equal(2.5, roofs.Ridge, 9);
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
