using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Classify;

public class RooflinePointTests
{
    // 1 GFLOP and 250 MB in 100 calls, touching 200 MB.
    static readonly StepCount Count = new(4,
    [
        new LayerCount
        {
            Layer = "only",
            Kind = "linear",
            Output = [4, 4],
            Forward = new Work(1_000_000_000, 0, 250_000_000, 100),
            UniqueBytes = 200_000_000,
        },
    ]);

    // On half of the machine: 50 GFLOP/s, 5 GB/s, 20 GB/s of the cache, 2 µs per operator.
    [Theory]
    [InlineData(RegimeValue.DramBound, 5e9, 1)]
    [InlineData(RegimeValue.GreyBand, 5e9, 1)]
    [InlineData(RegimeValue.CacheResident, 20e9, 0.4)]
    public void A_point_states_every_quantity_under_the_roofs_of_its_moment(RegimeValue workingSet, double memoryRoof, double utilization)
    {
        var measured = Sample.Measurement(0.025, slowness: 2, doubledSeconds: 0.04);
        var point = RooflinePoint.From(Count, measured, Sample.Peaks, workingSet)!;

        Assert.Equal(4, point.FlopsPerByte);
        Near(20e9, point.FlopsPerSecond);
        Near(5e9, point.BytesPerSecond);
        Near(0.4, point.ComputeShare);
        Near(utilization, point.Utilization);
        Near(50e9, point.Compute);
        Near(memoryRoof, point.MemoryRoof);
        Near(10, point.Ridge);
        Near(0.004, point.CallShare);
        Near(1.6, point.BatchGrowth!.Value);
        Assert.False(point.Disturbed);
    }

    // bf16 products are four times as fast here: of 1 GFLOP three quarters take as long as the rest.
    [Theory]
    [InlineData(0, 100e9)]
    [InlineData(750_000_000, 1e9 / (2.5e-3 + 1.875e-3))]
    [InlineData(1_000_000_000, 400e9)]
    public void Products_are_held_against_the_roof_of_their_precision(long bf16, double roof)
    {
        LayerCount only = Count.Layers[0], other = only with { Forward = new Work(bf16, 0, 0, 0), UniqueBytes = 0, Precision = Precision.Bf16 };
        var count = new StepCount(4, [only with { Forward = only.Forward with { Flops = only.Forward.Flops - bf16 } }, other]);
        var gemm = Sample.Peaks.Find(PeakKind.Gemm)!;
        var peaks = Sample.Peaks with { Series = [.. Sample.Peaks.Series, gemm with { Kind = PeakKind.GemmBf16, Samples = [4 * Sample.Compute] }] };
        var measured = Sample.Measurement(0.01);
        var point = RooflinePoint.From(count, measured, peaks, RegimeValue.DramBound)!;

        Near(roof, point.Compute);
        Near(100e9 / roof, point.ComputeShare);
        Near(roof / 10e9, point.Ridge);
        Assert.Equal(bf16, count.Bf16Flops);
        if (bf16 > 0) Assert.Null(RooflinePoint.From(count, measured, Sample.Peaks, RegimeValue.DramBound));
    }

    [Fact]
    public void Recorded_calls_replace_the_structural_ones()
    {
        var measured = Sample.Measurement(0.05) with { RecordedCalls = 5000 };

        Near(0.1, RooflinePoint.From(Count, measured, Sample.Peaks, RegimeValue.DramBound)!.CallShare);
    }

    [Fact]
    public void A_round_without_steps_counts_for_nothing()
    {
        var empty = Sample.Round(0) with { StepSeconds = [] };
        var measured = Sample.Measurement(0) with { Rounds = [empty, .. Enumerable.Repeat(Sample.Round(0.05), 8)] };

        Near(20e9, RooflinePoint.From(Count, measured, Sample.Peaks, RegimeValue.DramBound)!.FlopsPerSecond);
    }

    [Fact]
    public void Growth_needs_as_many_rounds_as_everything_else()
    {
        Assert.Null(Growth(7));
        Near(2, Growth(8)!.Value);

        static Interval? Growth(int doubled)
        {
            SampleRound[] rounds =
            [
                .. Enumerable.Repeat(Sample.Round(0.05), 4),
                .. Enumerable.Repeat(Sample.Round(0.05, doubledSeconds: 0.1), doubled),
            ];
            var measured = Sample.Measurement(0) with { Rounds = rounds };
            return RooflinePoint.From(Count, measured, Sample.Peaks, RegimeValue.DramBound)!.BatchGrowth;
        }
    }

    [Fact]
    public void A_third_of_the_time_in_the_queue_is_not_yet_a_disturbance()
    {
        var round = Sample.Round(3);

        Assert.False((round with { QueuedSeconds = 1 }).Disturbed);
        Assert.True((round with { QueuedSeconds = 1.001 }).Disturbed);
        Assert.False((round with { QueuedSeconds = null }).Disturbed);
    }

    static void Near(double expected, Interval measured)
    {
        Assert.Equal(1, measured.Low / expected, 9);
        Assert.Equal(1, measured.High / expected, 9);
    }
}

/// <summary>100 GFLOP/s of the products, 110 of the multiply-adds, 40 GB/s of the fastest level; a tenth is measurement.</summary>
public class RoofCheckTests
{
    static readonly RooflinePoint Calm = RooflinePoint.From(Sample.Count, Sample.Measurement(1), Sample.Peaks, RegimeValue.DramBound)!;

    [Fact]
    public void Just_a_tenth_above_a_roof_is_no_problem()
    {
        var edge = Calm with
        {
            ComputeShare = Interval.Exactly(RooflinePoint.Accuracy),
            BytesPerSecond = Interval.Exactly(RooflinePoint.Accuracy * Sample.Cache),
        };

        Assert.Empty(RoofCheck.Problems(edge, Sample.Peaks));
    }

    [Theory]
    [InlineData(1.0, "The roof is suspect")]
    [InlineData(1.001, "The FLOP count is suspect")]
    public void Just_a_tenth_above_the_multiply_adds_still_blames_the_roof(double more, string suspect)
    {
        var above = Above(RooflinePoint.Accuracy * Sample.Nominal * more);

        Assert.Contains(suspect, Assert.Single(RoofCheck.Problems(above, Sample.Peaks)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_multiply_add_kernel_the_count_is_suspect()
    {
        var peaks = Sample.Peaks with { Series = [.. Sample.Peaks.Series.Where(series => series.Kind != PeakKind.Fma)] };

        Assert.Contains("The FLOP count is suspect", Assert.Single(RoofCheck.Problems(Above(111e9), peaks)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_bandwidth_the_byte_count_is_suspect()
    {
        var peaks = Sample.Peaks with { Series = [] };

        Assert.Contains("The byte count is suspect", Assert.Single(RoofCheck.Problems(Calm, peaks)), StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_above_both_roofs_are_two_problems() =>
        Assert.Equal(2, RoofCheck.Problems(Above(150e9) with { BytesPerSecond = Interval.Exactly(50e9) }, Sample.Peaks).Count);

    static RooflinePoint Above(double flopsPerSecond) => Calm with
    {
        ComputeShare = Interval.Exactly(flopsPerSecond / Sample.Compute), FlopsPerSecond = Interval.Exactly(flopsPerSecond),
    };
}

public class IntervalTests
{
    static readonly Interval TwoToSix = new(2, 6);

    [Fact]
    public void Its_middle_is_half_way() => Assert.Equal(4, TwoToSix.Middle);

    [Theory]
    [InlineData(1, 3, 1, 6)]
    [InlineData(3, 7, 2, 7)]
    [InlineData(3, 4, 2, 6)]
    [InlineData(8, 9, 2, 9)]
    [InlineData(0, 1, 0, 6)]
    public void A_span_covers_both(double low, double high, double spanLow, double spanHigh) =>
        Assert.Equal(new Interval(spanLow, spanHigh), TwoToSix.Span(new Interval(low, high)));

    [Fact]
    public void Division_turns_it_round() => Assert.Equal(new Interval(2, 6), 12 / TwoToSix);

    [Fact]
    public void Widening_works_on_both_ends() => Assert.Equal(new Interval(1, 12), TwoToSix.Widened(2));

    [Theory]
    [InlineData(1.99, false)]
    [InlineData(2, true)]
    [InlineData(6, true)]
    [InlineData(6.01, false)]
    public void It_crosses_what_it_has_on_both_sides_or_at_an_end(double edge, bool crosses)
    {
        Assert.Equal(crosses, TwoToSix.Crosses(edge));
        Assert.False(Interval.Exactly(edge).Crosses(edge));
    }
}
