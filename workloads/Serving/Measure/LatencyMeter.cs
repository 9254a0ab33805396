using System.Diagnostics;

namespace MlPerfEdu.Serving.Measure;

/// <summary>Warms a call up until it runs the code it will keep, then samples it.</summary>
public sealed record LatencyMeter
{
    // Reading the clock twice takes some 50 ns: below 0.3 % of a batch.
    const double ShortestBatchSeconds = 20e-6;

    // Methods are compiled again after 30 calls, in the background and in steps of 100 ms, first with counters and then without.
    const int FewestCalls = 100;

    public double WarmUpSeconds { get; init; } = 0.5;

    public double SampleSeconds { get; init; } = 0.3;

    public int MostSamples { get; init; } = 2000;

    public Latency Measure(Kernel kernel)
    {
        var call = kernel.Call;
        var calls = CallsPerSample(WarmUp(call));
        var samples = new List<double>(MostSamples);
        var until = Stopwatch.GetTimestamp() + (long)(SampleSeconds * Stopwatch.Frequency);
        do
            samples.Add(Seconds(call, calls) / calls);
        while (samples.Count < MostSamples && Stopwatch.GetTimestamp() < until);
        return new(samples, calls);
    }

    /// <summary>Seconds of a typical call at the end.</summary>
    double WarmUp(Action call)
    {
        var start = Stopwatch.GetTimestamp();
        var (calls, last) = (0, 0.0);
        for (var batch = 1; calls < FewestCalls || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds; calls += batch)
        {
            last = Seconds(call, batch) / batch;
            batch = CallsPerSample(last);
        }
        return last;
    }

    static int CallsPerSample(double seconds) => Math.Clamp((int)Math.Ceiling(ShortestBatchSeconds / seconds), 1, 1 << 20);

    static double Seconds(Action call, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var index = 0; index < calls; index++)
            call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
