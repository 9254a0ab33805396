using System.Diagnostics;

namespace MlPerfEdu.Serving.Measure;

/// <summary>Samples of a call that is warm.</summary>
public sealed class LatencySamples(Action call, int callsPerSample, double secondsOfRound, int mostOfRound)
{
    readonly List<IReadOnlyList<double>> _rounds = [];

    public Latency Latency => new([.. _rounds], callsPerSample);

    /// <summary>Takes the samples of another round.</summary>
    public void Add()
    {
        var until = Stopwatch.GetTimestamp() + (long)(secondsOfRound * Stopwatch.Frequency);
        List<double> samples = [];
        do
            samples.Add(Seconds(call, callsPerSample) / callsPerSample);
        while (samples.Count < mostOfRound && Stopwatch.GetTimestamp() < until);
        _rounds.Add(samples);
    }

    /// <summary>Of so many calls.</summary>
    internal static double Seconds(Action call, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var index = 0; index < calls; index++)
            call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
