using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Roofline.Tests.Compare;

public class StepTimeComparisonTests(ITestOutputHelper output)
{
    const int Pairs = 50;

    [Theory]
    [InlineData(NoiseKind.SlowDrift)]
    [InlineData(NoiseKind.Bursts)]
    [InlineData(NoiseKind.HeavyTails)]
    public void Identical_runs_are_hardly_ever_called_different(NoiseKind kind)
    {
        var machine = new NoisyMachine(kind, seed: 1);
        var compared = Compare(() => StepTimeComparison.Of(machine.Run(), machine.Run()));

        Assert.InRange(compared.Count(pair => pair.Verdict is StepTimeVerdict.Slower or StepTimeVerdict.Faster), 0, 1);
    }

    [Theory]
    [InlineData(NoiseKind.SlowDrift)]
    [InlineData(NoiseKind.Bursts)]
    [InlineData(NoiseKind.HeavyTails)]
    public void A_kernel_that_got_slower_is_found_both_ways(NoiseKind kind)
    {
        var machine = new NoisyMachine(kind, seed: 2);

        Assert.InRange(Compare(() => StepTimeComparison.Of(machine.Run(), machine.Run(1.3)))
            .Count(pair => pair.Verdict == StepTimeVerdict.Slower), 48, Pairs);
        Assert.InRange(Compare(() => StepTimeComparison.Of(machine.Run(1.3), machine.Run()))
            .Count(pair => pair.Verdict == StepTimeVerdict.Faster), 48, Pairs);
    }

    [Fact]
    public void A_machine_that_is_slower_as_a_whole_is_no_change_of_the_step()
    {
        var compared = StepTimeComparison.Of(Steady(0.04), Steady(0.04, slowness: 1.25));

        Assert.Equal(StepTimeVerdict.NoChange, compared.Verdict);
        Assert.Contains("the machine itself was 1.25x slower after", compared.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calibration_that_the_steps_do_not_follow_is_no_change_either() => Assert.Equal(
        StepTimeVerdict.NoChange, StepTimeComparison.Of(Steady(0.04), Calibrated(Steady(0.04), slowness: 1.25)).Verdict);

    [Fact]
    public void Disturbed_rounds_are_left_out_when_enough_are_left()
    {
        var after = Steady(0.04);
        var disturbed = after.Measurement.Rounds.Select((round, index) => index % 3 == 0
            ? round with { StepSeconds = [0.01], QueuedSeconds = round.Seconds }
            : round);

        Assert.Equal(StepTimeVerdict.NoChange, StepTimeComparison.Of(Steady(0.04), With(after, [.. disturbed])).Verdict);
    }

    [Theory]
    [InlineData(3, false, true, StepTimeVerdict.TooNoisy)]
    [InlineData(3, true, false, StepTimeVerdict.Slower)]
    [InlineData(3, true, true, StepTimeVerdict.TooNoisy)]
    [InlineData(0.3, true, false, StepTimeVerdict.TooNoisy)]
    [InlineData(0.3, false, true, StepTimeVerdict.Faster)]
    [InlineData(1, true, false, StepTimeVerdict.TooNoisy)]
    [InlineData(1, false, true, StepTimeVerdict.TooNoisy)]
    public void Load_explains_slowness_of_several_threads_but_no_speed(double factor, bool before, bool after, StepTimeVerdict expected)
    {
        var compared = StepTimeComparison.Of(Loaded(Steady(0.04), before), Loaded(Steady(0.04 * factor), after));

        Assert.Equal(expected, compared.Verdict);
        Assert.Contains("others held the cores", compared.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_leaves_the_fastest_steps_of_one_thread_alone()
    {
        var (before, after) = (Loaded(Steady(0.04), true), Loaded(Steady(0.052), true));
        var one = Sample.Peaks with { Threads = 1 };

        Assert.Equal(StepTimeVerdict.Slower, StepTimeComparison.Of(before with { Peaks = one }, after with { Peaks = one }).Verdict);
    }

    [Fact]
    public void Too_few_rounds_say_nothing()
    {
        var compared = StepTimeComparison.Of(Steady(0.04), With(Steady(0.08), [.. Steady(0.08).Measurement.Rounds.Take(7)]));

        Assert.Equal((StepTimeVerdict.TooNoisy, null), (compared.Verdict, compared.Ratio));
        Assert.Contains("12 and 7 rounds were measured and 8 are needed", compared.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_that_lie_far_apart_are_too_noisy_to_say()
    {
        var after = Steady(0.04).Measurement.Rounds.Select((round, index) => round with { StepSeconds = [0.04 * (1 + index / 4)] });

        Assert.Equal(StepTimeVerdict.TooNoisy, StepTimeComparison.Of(Steady(0.04), With(Steady(0.04), [.. after])).Verdict);
    }

    [Fact]
    public void Stalls_of_most_steps_are_said_although_the_fastest_ones_stayed()
    {
        var after = Steady(0.04).Measurement.Rounds.Select(round => round with { StepSeconds = [0.04, 0.09, 0.09] });
        var compared = StepTimeComparison.Of(Steady(0.04), With(Steady(0.04), [.. after]));

        Assert.Equal(StepTimeVerdict.NoChange, compared.Verdict);
        Assert.Contains("the median changed by 2.25x, the fastest ones by 1.00x", compared.Because, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.08, StepTimeVerdict.NoChange)]
    [InlineData(1.1, StepTimeVerdict.Slower)]
    [InlineData(1 / 1.08, StepTimeVerdict.NoChange)]
    [InlineData(1 / 1.1, StepTimeVerdict.Faster)]
    public void On_a_steady_machine_a_tenth_counts_and_less_does_not(double factor, StepTimeVerdict expected) =>
        Assert.Equal(expected, StepTimeComparison.Of(Steady(0.04), Steady(0.04 * factor)).Verdict);

    static EvidenceRecord Steady(double stepSeconds, double slowness = 1) =>
        Sample.Evidence() with { Measurement = Sample.Measurement(stepSeconds, slowness) };

    static EvidenceRecord Calibrated(EvidenceRecord record, double slowness) =>
        With(record, [.. record.Measurement.Rounds.Select(round => round with { Calibration = Sample.Round(1, slowness).Calibration })]);

    static EvidenceRecord Loaded(EvidenceRecord record, bool loaded) =>
        With(record, [.. record.Measurement.Rounds.Select(round => round with { QueuedSeconds = loaded ? round.Seconds : 0 })]);

    static EvidenceRecord With(EvidenceRecord record, SampleRound[] rounds) =>
        record with { Measurement = record.Measurement with { Rounds = rounds } };

    StepTimeComparison[] Compare(Func<StepTimeComparison> pair)
    {
        StepTimeComparison[] compared = [.. Enumerable.Range(0, Pairs).Select(_ => pair())];
        output.WriteLine(string.Join(", ", compared.GroupBy(one => one.Verdict).Select(group => $"{group.Key} {group.Count()}")));
        output.WriteLine($"widest: {compared.Max(one => one.Ratio!.Value.High / one.Ratio.Value.Low):0.00}, "
            + $"factors {compared.Min(one => one.Factor):0.000} to {compared.Max(one => one.Factor):0.000}");
        return compared;
    }
}

/// <summary>How a machine that does not exist disturbs its steps and calibration; made again from the same seed.</summary>
sealed class NoisyMachine(NoiseKind kind, int seed)
{
    const int Rounds = 20;
    const int StepsPerRound = 8;
    const double StepSeconds = 0.04;

    readonly Random random = new(seed);
    double drift;

    /// <param name="slowness">1.3 when the same work takes 1.3 times as long.</param>
    public EvidenceRecord Run(double slowness = 1)
    {
        // Other pages and another place in the caches than the run before.
        var placement = 1 + 0.01 * Normal();
        SampleRound[] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => Round(StepSeconds * slowness * placement))];
        return Sample.Evidence() with { Measurement = Sample.Measurement(StepSeconds) with { Rounds = rounds } };
    }

    SampleRound Round(double step)
    {
        drift = 0.98 * drift + (kind == NoiseKind.SlowDrift ? 0.03 * Normal() : 0);
        var machine = Math.Exp(drift);
        double[] steps = [.. Enumerable.Range(0, StepsPerRound).Select(_ => step * machine * Burst() * Tail())];
        var (calibration, seconds) = (Sample.Round(step, machine * Burst() * Tail()).Calibration, steps.Sum());
        // Now and then the neighbour stays for a whole round, which the system notices.
        return kind == NoiseKind.Bursts && random.NextDouble() < 0.25
            ? new SampleRound(calibration, [.. steps.Select(time => 3 * time)], [], 3 * seconds, 2 * seconds)
            : new SampleRound(calibration, steps, [], seconds, 0.1 * seconds);
    }

    // A neighbour takes half of a core or more, half of the time.
    double Burst() => kind == NoiseKind.Bursts && random.NextDouble() < 0.5
        ? 1.5 + 3 * random.NextDouble()
        : 1 + 0.01 * random.NextDouble();

    // Pareto: some steps take many times as long.
    double Tail() => kind == NoiseKind.HeavyTails ? 1 + 0.02 * (Math.Pow(random.NextDouble(), -1 / 1.2) - 1) : 1;

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

public enum NoiseKind
{
    SlowDrift,
    Bursts,
    HeavyTails,
}
