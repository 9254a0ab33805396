using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Tests.Classify;

namespace MlPerfEdu.Roofline.Tests.Measure;

public class SamplingPlanTests
{
    // 10 ms at the roof; the dispatch axis is undecided at 20 ms, where a step reaches half of it.
    static readonly StepCount Count = new(8,
    [
        new LayerCount
        {
            Layer = "only",
            Kind = "linear",
            Output = [8],
            Forward = new Work(1_000_000_000, 0, 10_000_000, 10),
            UniqueBytes = 1,
        },
    ]);

    static readonly SamplingPlan OneStepARound = new()
    {
        WarmUpSteps = 3,
        MinimumRounds = 8,
        MaximumStepsPerRound = 1,
        SettleBelowSeconds = 0,
    };

    // Steps of a round fill 50 ms, are at least one and at most 20; those below 20 ms settle after the calibration.
    [Theory]
    [InlineData(0, "cs", 20)]
    [InlineData(0.001, "cs", 20)]
    [InlineData(0.012, "cs", 4)]
    [InlineData(0.0195, "cs", 2)]
    [InlineData(0.0205, "c", 2)]
    [InlineData(0.060, "c", 1)]
    public void By_default_five_steps_warm_up_and_twelve_rounds_follow(double seconds, string before, int steps)
    {
        var machine = Machine(_ => seconds);
        var looks = new List<MeterProgress>();
        Measure(machine, new SamplingPlan(), looks);

        var rounds = string.Concat(Enumerable.Repeat(before + new string('s', steps), 12));
        Assert.StartsWith("sssss" + rounds, new string([.. machine.Log]), StringComparison.Ordinal);
        Assert.Equal(12 * steps, looks[0].Samples);
    }

    [Fact]
    public void By_default_twelve_seconds_are_spent_on_what_stays_undecided()
    {
        var looks = new List<MeterProgress>();

        Assert.InRange(Measure(Machine(_ => 0.02), new SamplingPlan(), looks).MeasuringSeconds, 12, 12.2);
        Assert.All(looks, look => Assert.Equal(12, look.BudgetSeconds));
    }

    [Fact]
    public void A_round_has_as_many_steps_as_the_last_one_suggests()
    {
        var machine = Machine(step => step < 3 ? 0.012 : 0.006);
        Measure(machine, new SamplingPlan { WarmUpSteps = 3 });

        Assert.StartsWith("sss" + "cs" + "ssss" + "cs" + "ssssssss" + "c", new string([.. machine.Log]), StringComparison.Ordinal);
    }

    // All times are exact in binary, so that sums are.
    [Fact]
    public void A_step_as_long_as_the_limit_does_not_settle()
    {
        var machine = Machine(_ => 1.0 / 64);
        Measure(machine, OneStepARound with { SettleBelowSeconds = 1.0 / 64 });

        Assert.StartsWith("sss" + "cscs", new string([.. machine.Log]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_is_just_reached_is_spent()
    {
        // Warm-up takes 15/256 s and each round 9/256: after nine rounds 96. The clock began to run long before.
        var machine = Machine(_ => 5.0 / 256);
        machine.Clock.Seconds = 1024;
        var measured = Measure(machine, OneStepARound with { BudgetSeconds = 96.0 / 256 });

        Assert.Equal((9, 96.0 / 256), (measured.Rounds.Count, measured.MeasuringSeconds));
    }

    [Fact]
    public void A_measurement_that_was_left_out_is_empty_and_says_why()
    {
        var none = StepMeasurement.None("not asked for");

        Assert.Equal((0, 0.0, null, "not asked for"), (none.WarmUpSteps, none.MeasuringSeconds, none.RecordedCalls, none.Recording));
        Assert.Null(RooflinePoint.From(Count, none, Sample.Peaks, RegimeValue.DramBound));
    }

    static StepMeasurement Measure(FakeMachine machine, SamplingPlan plan, List<MeterProgress>? looks = null) =>
        new RegimeMeter(Sample.Peaks, machine, new NoRecorder(), machine.Clock, Thresholds.Usual, plan)
            .Measure(machine, look => looks?.Add(look)).Measurement;

    static FakeMachine Machine(Func<int, double> stepSeconds) => new()
    {
        StepSeconds = (_, step) => stepSeconds(step),
        CalibrationSeconds = 1.0 / 64,
        Count = Count,
    };

    sealed class NoRecorder : IOperatorRecorder
    {
        public string? Unavailable => "not here";

        public IReadOnlyList<RecordedOperator> Record(Action action) => throw new NotSupportedException("It is not available.");
    }
}
