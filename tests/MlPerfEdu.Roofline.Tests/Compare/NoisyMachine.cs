using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Roofline.Tests.Compare;

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
