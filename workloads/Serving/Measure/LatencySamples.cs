namespace MlPerfEdu.Serving.Measure;

/// <summary>Samples of a call that is warm.</summary>
public sealed class LatencySamples(Action call, TimeProvider clock, int callsPerSample, double secondsOfRound, int mostOfRound)
{
    readonly List<IReadOnlyList<double>> _rounds = [];

    public Latency Latency => new([.. _rounds], callsPerSample);

    /// <summary>Takes the samples of another round.</summary>
    public void Add()
    {
        var until = clock.GetTimestamp() + (long)(secondsOfRound * clock.TimestampFrequency);
        List<double> samples = [];
        do
            samples.Add(Seconds(call, callsPerSample, clock) / callsPerSample);
        while (samples.Count < mostOfRound && clock.GetTimestamp() < until);
        _rounds.Add(samples);
    }

    /// <summary>Of so many calls.</summary>
    internal static double Seconds(Action call, int calls, TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        for (var index = 0; index < calls; index++)
            call();
        return clock.GetElapsedTime(start).TotalSeconds;
    }
}
