namespace MlPerfEdu.Serving.Measure;

/// <summary>Warms a call up until it runs the code it will keep; then it can be sampled.</summary>
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

    /// <summary>Rounds that the samples of a call are taken in.</summary>
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
