using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using TorchSharp;

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
        var peaks = Probe(new FakeTorch()).Measure(Enum.GetValues<PeakPart>(), progress: progress.Add);

        Assert.Equal(Enum.GetValues<PeakPart>(), peaks.Parts);
        Assert.Equal(peaks.Series.Count, peaks.Series.DistinctBy(series => (series.Kind, series.Level, series.Threads, series.Size)).Count());
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
    public void A_run_waits_for_nothing_but_the_roofs_of_its_precision_and_threads()
    {
        var torch = new FakeTorch();
        var peaks = Probe(torch).Measure([PeakPart.Roofs]);

        Assert.Equal([PeakPart.Roofs], peaks.Parts);
        Assert.Equal([PeakKind.Gemm], torch.Multiplied);
        Assert.Empty(torch.Used);
        Assert.All(peaks.Series, series => Assert.True(series.Threads == torch.Threads || series.IsTime, series.ToString()));
        Assert.NotNull(CalibratedRoofs.At(peaks.Reference[0], peaks));
        // One before each round of the roofs: calibrated a moment later, a busy machine would have other roofs.
        Assert.Equal(peaks.Find(PeakKind.Gemm)!.Samples.Count + PeakTask.Discarded, peaks.Reference.Count);
        // What a step that seems impossible is compared with.
        Assert.NotNull(peaks.Find(PeakKind.Fma));
        Assert.NotNull(peaks.Find(PeakKind.Update, MemoryLevels.L1));
        Assert.NotNull(peaks.LastLevelCache.Bytes);
        Assert.Single(GemmShare.Of(peaks));
    }

    [Fact]
    public void What_is_missing_is_measured_later_and_what_is_kept_stays_as_it_was()
    {
        var kept = Probe(new FakeTorch()).Measure([PeakPart.Roofs]);
        var torch = new FakeTorch();
        var peaks = Probe(torch).Measure(kept.Without([PeakPart.Roofs, PeakPart.Bf16]), kept);

        Assert.Equal([PeakPart.Roofs, PeakPart.Bf16], peaks.Parts);
        Assert.Equal([PeakKind.GemmBf16], torch.Multiplied);
        Assert.All(kept.Series, series => Assert.Contains(series, peaks.Series));
        Assert.Equal([PeakKind.GemmBf16], peaks.Series.Except(kept.Series).Select(series => series.Kind).Distinct());
        Assert.Same(kept.LastLevelCache, peaks.LastLevelCache);
        Assert.Same(kept.Reference, peaks.Reference);
        Assert.Equal([.. kept.Phases!, peaks.Phases![^1]], peaks.Phases);
        Assert.Equal([PeakPart.Rest], peaks.Without(Enum.GetValues<PeakPart>()));
        Assert.Equal(ContentHash.Of(peaks), peaks.ContentSha256);
    }

    [Fact]
    public void Peaks_from_before_they_had_parts_have_them_all() =>
        Assert.Empty((Sample.Peaks with { Parts = null }).Without(Enum.GetValues<PeakPart>()));

    // The first is discarded; a best that stands alone may be the one quiet moment of a busy machine, or a slip of the clock.
    [Theory]
    [InlineData(new[] { 9.0, 100, 99, 60, 99, 98.5 }, 5)]
    [InlineData(new[] { 9.0, 99, 60, 99, 60, 60, 97.5 }, 6)]
    [InlineData(new[] { 9.0, 60, 70, 80, 90, 100, 110, 120, 130, 140 }, 9)]
    [InlineData(new[] { 999.0, 100, 100, 60, 60, 60, 60, 60, 60, 60 }, 9)]
    public void Repeats_end_once_others_come_near_the_best(double[] rates, int expected)
    {
        var (next, steady) = (0, 0);
        PeakTask[] tasks =
        [
            new(new(PeakKind.Fma, "", 2, 256, PeakSeries.Flops, "", []), () => rates[next++]),
            new(new(PeakKind.EmptyOperator, "", 1, 0, PeakSeries.Seconds, "", []), () => ++steady > 1 ? 1 : 0),
        ];
        var series = PeakTask.InTurn(tasks, _ => { }).ToArray();

        Assert.Equal(rates[1..(expected + 1)], series[0].Samples);
        // What seems sure goes on with the others: all meet the same moments.
        Assert.Equal(Enumerable.Repeat(1.0, expected), series[1].Samples);
    }

    [Fact]
    public void Streams_stay_in_half_a_level_and_leave_the_last_far_behind()
    {
        var peaks = Probe(new FakeTorch()).Measure(Enum.GetValues<PeakPart>());

        Assert.All([(MemoryLevels.L1, 2 * (8 << 10)), (MemoryLevels.L2, 2 * (32 << 10)), (MemoryLevels.LastLevelCache, 256 << 10)],
            level => Assert.InRange(peaks.Find(PeakKind.Triad, level.Item1)!.Size, level.Item2 / 2, level.Item2));
        Assert.InRange(peaks.Find(PeakKind.Triad, MemoryLevels.Memory)!.Size, 1.9 * 1024 * 1024, 2 * 1024 * 1024);
    }

    [Fact]
    public void A_slow_machine_skips_the_largest_products()
    {
        var peaks = Probe(new FakeTorch { FlopsPerSecond = 5e9 }).Measure([PeakPart.Roofs]);

        Assert.Equal([512L, 1024L], peaks.Series.Where(series => series is { Kind: PeakKind.Gemm, Threads: 2 }).Select(series => series.Size));
    }

    [Fact]
    public void Products_run_on_one_thread_and_on_all_which_it_was_before()
    {
        var torch = new FakeTorch();
        Probe(torch).Measure(Enum.GetValues<PeakPart>());

        Assert.Equal([1, 2, 2], torch.Used);
    }

    [Fact]
    public void A_type_without_a_kernel_is_said_to_have_none()
    {
        var peaks = Probe(new FakeTorch { Without = "not implemented for 'Char'" }).Measure(Enum.GetValues<PeakPart>());

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

[Collection("libtorch")]
public class TorchProbeTests
{
    [Fact]
    public void Probes_run_on_the_real_library_also_inside_a_scope_that_ends()
    {
        using var probe = new TorchProbe();
        using (torch.NewDisposeScope())
            Assert.True(probe.GemmSeconds(64) > 0);

        Assert.True(probe.GemmSeconds(64) > 0);
        // Four elements against 268 million operations.
        var product = probe.GemmSeconds(512);
        Assert.True(probe.EmptyOperatorSeconds() is var empty && empty > 0 && empty < product, $"{empty} s against {product} s");
        Assert.True(probe.SmallAllocationSeconds() is var small && small > 0 && small < product, $"{small} s against {product} s");
        Assert.InRange(probe.Threads, 1, Environment.ProcessorCount);
        Assert.Contains(torch.__version__, probe.Backend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PeakKind.Gemm)]
    [InlineData(PeakKind.GemmBf16)]
    [InlineData(PeakKind.GemmInt8)]
    public void A_type_is_multiplied_or_refused_with_a_reason(PeakKind type)
    {
        using var probe = new TorchProbe();

        Assert.True(probe.Missing(type) is { Length: > 0 } || probe.GemmSeconds(64, type) > 0);
        if (type == PeakKind.Gemm)
            Assert.Null(probe.Missing(type));
    }

    [Fact]
    public void Threads_can_be_changed_and_are_put_back_by_the_caller()
    {
        using var probe = new TorchProbe();
        var before = probe.Threads;
        probe.UseThreads(1);
        Assert.Equal(1, probe.Threads);
        probe.UseThreads(before);

        Assert.Equal(before, probe.Threads);
    }

    [Fact]
    public void Memory_is_timed_one_tensor_at_a_time()
    {
        using var probe = new TorchProbe();

        Assert.Equal(3, probe.FirstTouchSeconds(1 << 20, 3).Count(seconds => seconds > 0));
        Assert.True(probe.AllocatedAgainSeconds(1 << 20) > 0);
        Assert.True(probe.RefillSeconds(1 << 20) > 0);
    }
}

/// <summary>Products at 100 GFLOP/s, operators at 1 µs, in no time at all.</summary>
sealed class FakeTorch : ITorchProbe
{
    public string Backend { get; init; } = "imaginary torch";

    public int Threads { get; set; } = 2;

    /// <summary>Every thread count that was asked for.</summary>
    public List<int> Used { get; } = [];

    /// <summary>Every type of product that was asked for.</summary>
    public SortedSet<PeakKind> Multiplied { get; } = [];

    public string? Without { get; init; }

    public double FlopsPerSecond { get; init; } = Sample.Compute;

    public void UseThreads(int threads)
    {
        Used.Add(threads);
        Threads = threads;
    }

    public string? Missing(PeakKind type) => type == PeakKind.GemmInt8 ? Without : null;

    public double GemmSeconds(int size, PeakKind type = PeakKind.Gemm)
    {
        Multiplied.Add(type);
        return 2.0 * size * size * size / FlopsPerSecond;
    }

    public double EmptyOperatorSeconds() => Sample.EmptyOperator;

    public IReadOnlyList<double> FirstTouchSeconds(long bytes, int tensors) => [.. Enumerable.Repeat(bytes / 1e9, tensors)];

    public double AllocatedAgainSeconds(long bytes) => bytes / 2e9;

    public double RefillSeconds(long bytes) => bytes / 3e9;

    public double SmallAllocationSeconds() => Sample.EmptyOperator / 2;
}
