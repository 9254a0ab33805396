using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;

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
