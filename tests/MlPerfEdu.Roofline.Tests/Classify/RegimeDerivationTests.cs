using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Classify;

public class RegimeDerivationTests
{
    // 1 GFLOP and 50 MB in 100 calls, touching 200 MB: 20 FLOP/byte, twice the ridge of 10.
    static readonly StepCount Count = new(4,
    [
        new LayerCount
        {
            Layer = "only",
            Kind = "linear",
            Output = [4, 4],
            ForwardMacs = 500_000_000,
            Forward = new Work(1_000_000_000, 0, 50_000_000, 100),
            UniqueBytes = 200_000_000,
        },
    ]);

    [Fact]
    public void Utilisation_is_the_larger_share_of_the_two_roofs()
    {
        // 10 ms of compute, 5 ms of memory traffic, in 16 ms.
        var point = Point(Sample.Measurement(0.016));

        Assert.Equal((20, Interval.Exactly(0.625), Interval.Exactly(10)), (point.FlopsPerByte, point.Utilization, point.Ridge));
    }

    [Fact]
    public void Verdicts_know_the_roofs_to_a_tenth()
    {
        var regimes = Derive(Sample.Measurement(0.016));

        Assert.Equal(Interval.Exactly(0.625).Widened(1.1), regimes.Dispatch.Measured);
        Assert.Equal((2 / 1.1, 2 * 1.1), (regimes.ArithmeticIntensity.Measured!.Value.Low, regimes.ArithmeticIntensity.Measured.Value.High));
    }

    [Fact]
    public void The_busier_of_the_two_roofs_decides()
    {
        // 1 ms of compute and 10 ms of memory traffic, in 16 ms.
        var traffic = new StepCount(1, [Count.Layers[0] with { Forward = new Work(100_000_000, 0, 100_000_000, 100) }]);
        var regimes = RegimeDerivation.Derive(traffic, Sample.Measurement(0.016), Sample.Peaks, Thresholds.Usual);

        Assert.Equal(RegimeValue.DeviceSaturated, regimes.Dispatch.Value);
    }

    [Fact]
    public void A_verdict_is_found_by_its_axis()
    {
        var regimes = Derive(Sample.Measurement(0.016));

        Assert.Equal(regimes.All, Enum.GetValues<RegimeAxis>().Select(axis => regimes[axis]));
    }

    [Fact]
    public void A_slow_minute_changes_no_verdict()
    {
        var quiet = Derive(Sample.Measurement(0.05, slowness: 1, doubledSeconds: 0.1));
        var busy = Derive(Sample.Measurement(0.05, slowness: 2.5, doubledSeconds: 0.1));

        Assert.Equal(quiet.All.Select(verdict => verdict.Value), busy.All.Select(verdict => verdict.Value));
        Assert.Equal(quiet.Dispatch.Measured!.Value.Low, busy.Dispatch.Measured!.Value.Low, 9);
    }

    [Fact]
    public void A_step_is_compared_only_with_the_calibration_beside_it()
    {
        // The machine slows down threefold from the first round to the last; step and calibration do so together.
        SampleRound[] drifting = [.. Enumerable.Range(0, Sample.Rounds)
            .Select(round => 1 + 2.0 * round / (Sample.Rounds - 1))
            .Select(slowness => Sample.Round(slowness * 0.016, slowness))];

        var point = Point(Sample.Measurement(0.016) with { Rounds = drifting });

        Assert.Equal(Point(Sample.Measurement(0.016)).Utilization.Low, point.Utilization.Low, 9);
        Assert.True(point.FlopsPerSecond.High > 1.5 * point.FlopsPerSecond.Low);
    }

    [Fact]
    public void A_round_counts_by_the_mean_of_its_steps()
    {
        SampleRound round = Sample.Round(0) with { StepSeconds = [0.010, 0.010, 0.028] };

        Assert.Equal(0.625, Point(Sample.Measurement(0) with { Rounds = [.. Enumerable.Repeat(round, 8)] }).ComputeShare.Low, 9);
    }

    [Fact]
    public void Growth_compares_the_means_of_both_batches()
    {
        SampleRound round = Sample.Round(0) with { StepSeconds = [0.010, 0.030], DoubledBatchSeconds = [0.010, 0.050] };

        Assert.Equal(1.5, Point(Sample.Measurement(0) with { Rounds = [.. Enumerable.Repeat(round, 8)] }).BatchGrowth!.Value.Low, 9);
    }

    [Fact]
    public void Traffic_of_a_cache_resident_step_is_held_against_the_caches_roof()
    {
        var small = new StepCount(1, [Count.Layers[0] with { UniqueBytes = 1_000_000, Forward = new Work(1, 0, 400_000_000, 1) }]);

        // 400 MB in 20 ms are 20 GB/s: twice the memory's roof, half of the cache's.
        Assert.Equal(0.5, RooflinePoint.From(small, Sample.Measurement(0.02), Sample.Peaks, RegimeValue.CacheResident)!.Utilization.High, 9);
        Assert.Equal(2, RooflinePoint.From(small, Sample.Measurement(0.02), Sample.Peaks, RegimeValue.DramBound)!.Utilization.High, 9);
    }

    [Theory]
    // 100 calls at 1 µs are 0.1 ms.
    [InlineData(0.05, 0.1, 1, RegimeValue.KernelBound)]
    [InlineData(0.05, 0.051, 1, RegimeValue.KernelBound)]
    [InlineData(0.05, 0.051, 400, RegimeValue.DispatchBound)]
    [InlineData(0.05, 0.1, 400, RegimeValue.KernelBound)]
    public void Recorded_calls_and_batch_scaling_explain_low_utilisation(double step, double doubled, long recorded, RegimeValue expected)
    {
        var measurement = Sample.Measurement(step, doubledSeconds: doubled) with { RecordedCalls = 100 * recorded };

        Assert.Equal(expected, Derive(measurement).Dispatch.Value);
    }

    [Fact]
    public void Structural_calls_stand_in_when_nothing_was_recorded()
    {
        var calls = new StepCount(1, [Count.Layers[0] with { Forward = Count.Layers[0].Forward with { Calls = 40_000 } }]);
        var measurement = Sample.Measurement(0.05, doubledSeconds: 0.051);

        Assert.Equal(RegimeValue.DispatchBound, RegimeDerivation.Derive(calls, measurement, Sample.Peaks, Thresholds.Usual).Dispatch.Value);
    }

    [Fact]
    public void Too_few_samples_leave_the_axes_that_need_time_unmeasured()
    {
        var measurement = Sample.Measurement(0.05) with { Rounds = [Sample.Round(0.05), Sample.Round(0.05)] };
        var regimes = Derive(measurement);

        Assert.Equal(
            [RegimeValue.DramBound, RegimeValue.Unmeasured, RegimeValue.Unmeasured], regimes.All.Select(verdict => verdict.Value));
    }

    [Fact]
    public void Noisy_steps_give_a_grey_band()
    {
        SampleRound[] noisy = [.. Enumerable.Range(0, Sample.Rounds).Select(round => Sample.Round(round % 2 == 0 ? 0.015 : 0.03))];
        var verdict = Derive(Sample.Measurement(0.016) with { Rounds = noisy }).Dispatch;

        Assert.Equal((RegimeValue.GreyBand, false), (verdict.Value, verdict.Decided));
    }

    [Fact]
    public void Rounds_in_which_others_held_the_cores_are_left_out()
    {
        SampleRound[] rounds =
        [
            .. Enumerable.Repeat(Sample.Round(0.016), 8),
            .. Enumerable.Repeat(Sample.Round(0.160) with { QueuedSeconds = 0.054 }, 20),
        ];
        var verdict = Derive(Sample.Measurement(0) with { Rounds = rounds }).Dispatch;

        Assert.Equal((RegimeValue.DeviceSaturated, true), (verdict.Value, verdict.Decided));
    }

    [Theory]
    [InlineData(0.053, RegimeValue.KernelBound)]
    [InlineData(0.054, RegimeValue.GreyBand)]
    public void A_machine_that_is_always_busy_decides_nothing_that_needs_time(double queued, RegimeValue expected)
    {
        var round = Sample.Round(0.160, doubledSeconds: 0.32) with { QueuedSeconds = queued };
        var regimes = Derive(Sample.Measurement(0) with { Rounds = [.. Enumerable.Repeat(round, Sample.Rounds)] });

        Assert.Equal((expected, expected != RegimeValue.GreyBand), (regimes.Dispatch.Value, regimes.Dispatch.Decided));
        Assert.Equal(expected == RegimeValue.GreyBand, regimes.Dispatch.Because.Contains("in 12 of 12 rounds", StringComparison.Ordinal));
        Assert.Equal(RegimeValue.DramBound, regimes.WorkingSet.Value);
    }

    [Fact]
    public void A_busy_machine_still_asks_for_the_doubled_batch()
    {
        var round = Sample.Round(0.160) with { QueuedSeconds = 0.054 };
        var regimes = Derive(Sample.Measurement(0) with { Rounds = [.. Enumerable.Repeat(round, Sample.Rounds)] });

        Assert.Equal(
            [RegimeValue.DramBound, RegimeValue.GreyBand, RegimeValue.Unmeasured], regimes.All.Select(verdict => verdict.Value));
    }

    [Fact]
    public void A_busy_machine_is_said_with_its_rounds_and_the_rule_of_the_band()
    {
        SampleRound[] rounds =
        [
            .. Enumerable.Repeat(Sample.Round(0.016), 4),
            .. Enumerable.Repeat(Sample.Round(0.016) with { QueuedSeconds = 0.008 }, 8),
        ];
        var regimes = Derive(Sample.Measurement(0) with { Rounds = rounds });

        Assert.All([regimes.ArithmeticIntensity, regimes.Dispatch], verdict =>
        {
            Assert.Equal((RegimeValue.GreyBand, false), (verdict.Value, verdict.Decided));
            Assert.Equal(RegimeRules.Of(verdict.Axis, RegimeValue.GreyBand, Thresholds.Usual), verdict.Rule);
            Assert.EndsWith(
                "the machine was busy: in 8 of 12 rounds threads waited for a core more than 33% of the time",
                verdict.Because, StringComparison.Ordinal);
        });
    }

    [Theory]
    // The roofs are 100 GFLOP/s and, for the kernel that needs no libtorch, 110; 10% is measurement.
    [InlineData(0.0100, null)]
    [InlineData(0.0092, null)]
    [InlineData(0.0090, "The roof is suspect")]
    [InlineData(0.0080, "The FLOP count is suspect")]
    public void A_point_above_its_compute_roof_is_loud(double step, string? suspect)
    {
        var problems = RoofCheck.Problems(Point(Sample.Measurement(step)), Sample.Peaks);

        Assert.Equal(suspect is not null, problems.Count == 1);
        Assert.All(problems, problem => Assert.Contains(suspect!, problem, StringComparison.Ordinal));
    }

    [Theory]
    // 100 and 110 GFLOP/s again, and 40 GB/s of the fastest level: only what is surely above counts.
    [InlineData(1_000_000_000, 1, 0.0080, 0.0160, null)]
    [InlineData(1_000_000_000, 1, 0.0080, 0.0084, "1.19e+11 FLOP/s, above its roof of 1e+11 FLOP/s. The roof is suspect")]
    [InlineData(1, 450_000_000, 0.0100, 0.0200, null)]
    [InlineData(1, 500_000_000, 0.0100, 0.0110, "4.545e+10 B/s, above its roof of 4e+10 B/s. The byte count is suspect")]
    public void A_point_is_above_its_roof_when_its_whole_interval_is(long flops, long bytes, double fast, double slow, string? problem)
    {
        var count = new StepCount(1, [Count.Layers[0] with { Forward = new Work(flops, 0, bytes, 1) }]);
        SampleRound[] rounds = [.. Enumerable.Range(0, Sample.Rounds).Select(round => Sample.Round(round % 2 == 0 ? fast : slow))];
        var measured = Sample.Measurement(0) with { Rounds = rounds };
        var problems = RoofCheck.Problems(RooflinePoint.From(count, measured, Sample.Peaks, RegimeValue.DramBound)!, Sample.Peaks);

        Assert.Equal(problem is not null, problems.Count == 1);
        Assert.All(problems, found => Assert.Contains(problem!, found, StringComparison.Ordinal));
    }

    [Fact]
    public void Traffic_beyond_the_fastest_level_makes_the_byte_count_suspect()
    {
        var many = new StepCount(1, [Count.Layers[0] with { Forward = new Work(1, 0, 450_000_000, 1) }]);
        var problems = RoofCheck.Problems(
            RooflinePoint.From(many, Sample.Measurement(0.01), Sample.Peaks, RegimeValue.DramBound)!, Sample.Peaks);

        Assert.Contains("The byte count is suspect", Assert.Single(problems), StringComparison.Ordinal);
    }

    static Regimes Derive(StepMeasurement measurement) =>
        RegimeDerivation.Derive(Count, measurement, Sample.Peaks, Thresholds.Usual);

    static RooflinePoint Point(StepMeasurement measurement) =>
        RooflinePoint.From(Count, measurement, Sample.Peaks, RegimeValue.DramBound)!;
}
