using System.Diagnostics;

namespace MlPerfEdu.Serving.Measure;

/// <summary>Samples of a call that is warm.</summary>
public sealed class LatencySamples(Action call, int callsPerSample, double secondsOfPart, int mostOfPart)
{
    readonly List<double> _samples = [];

    public Latency Latency => new([.. _samples], callsPerSample);

    /// <summary>Takes another part of the samples.</summary>
    public void Add()
    {
        var (until, most) = (Stopwatch.GetTimestamp() + (long)(secondsOfPart * Stopwatch.Frequency), _samples.Count + mostOfPart);
        do
            _samples.Add(Seconds(call, callsPerSample) / callsPerSample);
        while (_samples.Count < most && Stopwatch.GetTimestamp() < until);
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
