using System.Diagnostics;

namespace MlPerfEdu.Roofline.Measure;

public interface IClock
{
    /// <summary>Since some fixed moment; never goes back.</summary>
    double Seconds { get; }
}

public sealed class StopwatchClock : IClock
{
    public double Seconds => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
}
