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

    [Fact]
    public void Roofs_follow_the_calibration_of_the_run()
    {
        var half = Sample.Calibration with { GemmFlops = Sample.Compute / 2, MemoryTriadBytes = 2 * Sample.Memory, EmptyOperatorSeconds = 3e-6 };
        var roofs = CalibratedRoofs.From(Sample.Peaks, [.. Enumerable.Repeat(half, 8)], 0.99)!;

        Assert.Equal(Sample.Compute / 2, roofs.Compute.Middle, 3);
        Assert.Equal(2 * Sample.Memory, roofs.Memory.Middle, 3);
        Assert.Equal(Sample.Cache, roofs.Cache.Middle, 3);
        Assert.Equal(3e-6, roofs.EmptyOperator.Middle, 12);
        Assert.Equal(2.5, roofs.Ridge.Middle, 9);
    }

    [Fact]
    public void Unsteady_calibration_widens_the_roofs()
    {
        CalibrationSample[] unsteady = [.. Enumerable.Range(1, 8).Select(round => Sample.Calibration with { GemmFlops = round * 1e10 })];
        var roofs = CalibratedRoofs.From(Sample.Peaks, unsteady, 0.99)!;

        Assert.Equal((1e10, 8e10), (roofs.Compute.Low, roofs.Compute.High));
    }

    [Fact]
    public void Too_few_rounds_or_a_missing_probe_give_no_roofs()
    {
        Assert.Null(CalibratedRoofs.From(Sample.Peaks, [Sample.Calibration], 0.99));
        Assert.Null(CalibratedRoofs.From(Sample.Peaks with { Series = [] }, [.. Enumerable.Repeat(Sample.Calibration, 8)], 0.99));
        Assert.Null(CalibratedRoofs.From(Sample.Peaks with { Reference = [] }, [.. Enumerable.Repeat(Sample.Calibration, 8)], 0.99));
    }
}
