using MlPerfEdu.Roofline;

namespace MlPerfEdu.Serving.Measure;

/// <summary>Warms a call up until its code is compiled for good; then it can be sampled.</summary>
public sealed record LatencyMeter
{
    // Reading the clock twice takes some 50 ns: below 0.3 % of a batch.
    const double ShortestBatchSeconds = 20e-6;

    // Methods are compiled again after 30 calls, in the background and in steps of 100 ms, first with counters and then without. On a busy
    // machine that takes longer than any time one could fix, so warming up goes on while rounds still become faster.
    const int FewestCalls = 100;
    const double RoundSeconds = 0.05;
    const double StillFaster = 0.95;
    const int QuietRounds = 10;
    const int MostRounds = 80;

    const double SampleSeconds = 0.6;
    const int MostSamples = 3000;

    /// <summary>Rounds of samples per call.</summary>
    public const int Rounds = 15;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Warms the call up.</summary>
    public LatencySamples Start(Kernel kernel) =>
        new(kernel.Call, Clock, CallsPerSample(WarmUp(kernel.Call)), SampleSeconds / Rounds, MostSamples / Rounds);

    /// <summary>Seconds of a call in the fastest round.</summary>
    double WarmUp(Action call)
    {
        var fastest = double.PositiveInfinity;
        for (int round = 0, quiet = 0; round < MostRounds && quiet < QuietRounds; round++, quiet++)
        {
            var seconds = Round(call);
            if (seconds < StillFaster * fastest)
                quiet = -1;
            fastest = Math.Min(fastest, seconds);
        }
        return fastest;
    }

    /// <summary>Seconds of a call in the fastest batch of a round.</summary>
    double Round(Action call)
    {
        var start = Clock.GetTimestamp();
        var (calls, batch, fastest) = (0, 1, double.PositiveInfinity);
        while (calls < FewestCalls || Clock.GetElapsedTime(start).TotalSeconds < RoundSeconds)
        {
            fastest = Math.Min(fastest, LatencySamples.Seconds(call, batch, Clock) / batch);
            calls += batch;
            batch = CallsPerSample(fastest);
        }
        return fastest;
    }

    static int CallsPerSample(double seconds) => Math.Clamp((int)Math.Ceiling(ShortestBatchSeconds / Math.Max(seconds, 1e-10)), 1, 1 << 20);
}

/// <summary>Samples of a warm call.</summary>
public sealed class LatencySamples(Action call, TimeProvider clock, int callsPerSample, double secondsOfRound, int mostOfRound)
{
    readonly List<IReadOnlyList<double>> rounds = [];

    public Latency Latency => new([.. rounds], callsPerSample);

    /// <summary>Samples one more round.</summary>
    public void Add()
    {
        var until = clock.GetTimestamp() + (long)(secondsOfRound * clock.TimestampFrequency);
        List<double> samples = [];
        do
            samples.Add(Seconds(call, callsPerSample, clock) / callsPerSample);
        while (samples.Count < mostOfRound && clock.GetTimestamp() < until);
        rounds.Add(samples);
    }

    internal static double Seconds(Action call, int calls, TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        for (var index = 0; index < calls; index++)
            call();
        return clock.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>Latency of a call on an otherwise idle processor: other work can only make it slower.</summary>
/// <param name="Rounds">Seconds per call, round by round; a short call is timed in batches, and a sample is then the mean of one.</param>
public sealed record Latency(IReadOnlyList<IReadOnlyList<double>> Rounds, int CallsPerSample)
{
    const double Confidence = 0.95;

    /// <summary>Samples of the round with the lowest median, the least disturbed one.</summary>
    public IReadOnlyList<double> Undisturbed { get; } = Rounds.MinBy(Statistics.Median)!;

    public double Median => Statistics.Median(Undisturbed);
    public double P95 => Undisturbed.Order().ElementAt((int)Math.Ceiling(0.95 * Undisturbed.Count) - 1);
    public double Min { get; } = Rounds.Min(round => round.Min());

    /// <summary>95 % confidence interval of the median.</summary>
    public Interval? Interval => Statistics.MedianInterval(Undisturbed, Confidence);
}
