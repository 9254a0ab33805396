using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Tests.Classify;

namespace MlPerfEdu.Roofline.Tests.Measure;

public class RegimeMeterTests
{
    // 1 GFLOP, 10 ms at the roof; 10 MB; 20,000 calls cost 20 ms.
    static readonly StepCount Count = new(8,
        [new LayerCount { Layer = "only", Kind = "linear", Output = [8], Forward = new Work(1_000_000_000, 0, 10_000_000, 20_000), UniqueBytes = 1_000_000 }]);

    static readonly SamplingPlan Plan = new() { WarmUpSteps = 3, MinimumRounds = 8, RoundSeconds = 0.05, BudgetSeconds = 10 };

    [Fact]
    public void A_busy_step_is_decided_at_the_first_look_without_the_doubled_batch()
    {
        var machine = Machine((_, _) => 0.012);
        var measured = Meter(machine).Measure(machine);

        Assert.Equal(RegimeValue.DeviceSaturated, measured.Regimes.Dispatch.Value);
        Assert.Equal([8], machine.Prepared);
        Assert.Equal((8, 3, 0.99), (measured.Measurement.Rounds.Count, measured.Measurement.WarmUpSteps, measured.Measurement.Confidence));
        Assert.All(measured.Measurement.Rounds, round => Assert.Empty(round.DoubledBatchSeconds));
        Assert.All(measured.Measurement.StepSeconds, seconds => Assert.Equal(0.012, seconds, 9));
        Assert.Equal(machine.Clock.Seconds, measured.Measurement.MeasuringSeconds, 9);
    }

    [Fact]
    public void A_plan_can_ask_for_the_doubled_batch_from_the_start()
    {
        var machine = Machine((batch, _) => 0.012 * batch / 8);
        var measured = Meter(machine, Plan with { AlwaysDouble = true }).Measure(machine);

        Assert.Equal([8, 16], machine.Prepared);
        Assert.All(measured.Measurement.Rounds, round => Assert.NotEmpty(round.DoubledBatchSeconds));
    }

    [Fact]
    public void Rounds_alternate_calibration_and_as_many_steps_as_fill_them()
    {
        var machine = Machine((_, _) => 0.012);
        Meter(machine).Measure(machine);

        // Three warm-up steps; then a step to settle after each calibration, and four that count.
        Assert.Equal("sss" + string.Concat(Enumerable.Repeat("csssss", 8)), new string([.. machine.Log]));
    }

    [Fact]
    public void Long_steps_need_no_settling()
    {
        var machine = Machine((_, _) => 0.045);
        Meter(machine, Plan with { MaximumStepsPerRound = 1 }).Measure(machine);

        Assert.StartsWith("ssscscs", new string([.. machine.Log]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.1, RegimeValue.DispatchBound)]
    [InlineData(2.0, RegimeValue.KernelBound)]
    public void Low_utilisation_brings_in_the_doubled_batch(double growth, RegimeValue expected)
    {
        // 46 ms for 10 ms of work is below a quarter; 30,000 calls cost 30 of them.
        var machine = Machine((batch, _) => 0.046 * (batch == 8 ? 1 : growth), calls: 30_000);
        var measured = Meter(machine).Measure(machine);

        Assert.Equal(expected, measured.Regimes.Dispatch.Value);
        Assert.Equal([8, 16], machine.Prepared);
        Assert.Equal(0, machine.Open);
        Assert.All(measured.Measurement.Rounds.SelectMany(round => round.DoubledBatchSeconds), seconds => Assert.Equal(0.046 * growth, seconds, 9));
    }

    [Fact]
    public void Noise_across_a_threshold_is_sampled_until_the_interval_leaves_it()
    {
        // Mostly 12 ms, but now and then 30: the median is clear, a few samples do not show it.
        var random = new Random(5);
        var machine = Machine((_, _) => random.NextDouble() < 0.3 ? 0.030 : 0.012);
        var measured = Meter(machine, Plan with { MaximumStepsPerRound = 1 }).Measure(machine);

        Assert.Equal(RegimeValue.DeviceSaturated, measured.Regimes.Dispatch.Value);
        Assert.InRange(measured.Measurement.StepSeconds.Count, 9, 300);
    }

    [Fact]
    public void What_noise_leaves_undecided_is_grey_when_the_budget_is_spent()
    {
        var machine = Machine((_, step) => step % 2 == 0 ? 0.012 : 0.030);
        var progress = new List<MeterProgress>();
        var measured = Meter(machine).Measure(machine, progress.Add);

        Assert.Equal((RegimeValue.GreyBand, false), (measured.Regimes.Dispatch.Value, measured.Regimes.Dispatch.Decided));
        Assert.InRange(measured.Measurement.MeasuringSeconds, Plan.BudgetSeconds, Plan.BudgetSeconds + 1);
        Assert.All(progress, step => Assert.Equal([RegimeAxis.Dispatch], step.Undecided));
        Assert.Equal(progress.Select(step => step.Samples).Order(), progress.Select(step => step.Samples));
    }

    [Fact]
    public void A_round_says_how_long_it_took_and_how_long_threads_waited_for_a_core()
    {
        FakeMachine machine = null!;
        machine = Machine((_, _) =>
        {
            machine.Clock.QueuedSeconds = (machine.Clock.QueuedSeconds ?? 0) + 0.001;
            return 0.012;
        });
        var round = Meter(machine).Measure(machine).Measurement.Rounds[^1];

        // A step to settle, and four that count.
        Assert.Equal(0.060, round.Seconds, 9);
        Assert.Equal(0.005, round.QueuedSeconds!.Value, 9);
    }

    [Fact]
    public void Regimes_follow_from_the_samples_alone()
    {
        var machine = Machine((batch, _) => 0.05 * batch / 8);
        var measured = Meter(machine).Measure(machine);

        Assert.Equal(
            measured.Regimes,
            RegimeDerivation.Derive(measured.Count, measured.Measurement, Sample.Peaks, Thresholds.Usual));
    }

    [Fact]
    public void Recorded_calls_are_kept_and_compared()
    {
        var machine = Machine((_, _) => 0.012);
        var recorder = new FakeRecorder([new("aten::add", [[8], [8]], 50, 50), new("aten::mm", [[2, 3], [3, 4]], 2, 1)]);
        var measured = new RegimeMeter(Sample.Peaks, machine, recorder, machine.Clock, Thresholds.Usual, Plan).Measure(machine);

        Assert.Equal(51, measured.Measurement.RecordedCalls);
        Assert.Equal(
            "recorded and structural count differ: Matmul 48 FLOP: 0 calls by the layers, 2 recorded", measured.Measurement.Recording);
    }

    [Fact]
    public void A_recording_without_a_difference_is_said_to_agree()
    {
        var machine = Machine((_, _) => 0.012);
        var recorder = new FakeRecorder([new("aten::add", [[8], [8]], 50, 50)]);
        var measured = new RegimeMeter(Sample.Peaks, machine, recorder, machine.Clock, Thresholds.Usual, Plan).Measure(machine);

        Assert.Equal((50L, StepMeasurement.RecordingAgrees), (measured.Measurement.RecordedCalls, measured.Measurement.Recording));
    }

    [Fact]
    public void Without_a_recorder_the_reason_is_kept()
    {
        var machine = Machine((_, _) => 0.012);
        var measured = Meter(machine).Measure(machine);

        Assert.Equal((null, "cannot record here"), (measured.Measurement.RecordedCalls, measured.Measurement.Recording));
    }

    static FakeMachine Machine(Func<int, int, double> stepSeconds, long calls = 20_000) => new()
    {
        StepSeconds = stepSeconds,
        Count = new StepCount(8, [Count.Layers[0] with { Forward = Count.Layers[0].Forward with { Calls = calls } }]),
    };

    static RegimeMeter Meter(FakeMachine machine, SamplingPlan? plan = null) =>
        new(Sample.Peaks, machine, new FakeRecorder(null), machine.Clock, Thresholds.Usual, plan ?? Plan);

    sealed class FakeRecorder(IReadOnlyList<RecordedOperator>? rows) : IOperatorRecorder
    {
        public string? Unavailable => rows is null ? "cannot record here" : null;

        public IReadOnlyList<RecordedOperator> Record(Action action)
        {
            action();
            return rows!;
        }
    }
}

/// <summary>A machine whose steps and calibration take as long as a test says.</summary>
sealed class FakeMachine : IStepSource, ICalibrator
{
    public FakeClock Clock { get; } = new();

    public int Batch => 8;

    /// <summary>Seconds of a step, by its batch and how many steps of that batch came before.</summary>
    public required Func<int, int, double> StepSeconds { get; init; }

    public double CalibrationSeconds { get; init; } = 0.01;

    public required StepCount Count { get; init; }

    /// <summary>What happened, in order: c for calibration, s for a step, d for a step of the doubled batch.</summary>
    public List<char> Log { get; } = [];

    public int Open { get; private set; }

    public List<int> Prepared { get; } = [];

    public IRunningStep Prepare(int batch)
    {
        Open++;
        Prepared.Add(batch);
        return new Running(this, batch);
    }

    public CalibrationSample Sample()
    {
        Log.Add('c');
        Clock.Seconds += CalibrationSeconds;
        return Tests.Sample.Calibration;
    }

    sealed class Running(FakeMachine machine, int batch) : IRunningStep
    {
        int steps;

        public StepCount Count => machine.Count;

        public void Step()
        {
            machine.Log.Add(batch == machine.Batch ? 's' : 'd');
            machine.Clock.Seconds += machine.StepSeconds(batch, steps++);
        }

        public void Dispose() => machine.Open--;
    }
}

sealed class FakeClock : IClock
{
    public double Seconds { get; set; }

    public double? QueuedSeconds { get; set; }
}
