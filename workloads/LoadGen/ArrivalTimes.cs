namespace MlPerfEdu.Workloads.LoadGen;

/// <summary>A Poisson process: exponential gaps, truncated to nanoseconds as LoadGen does.</summary>
public sealed class ArrivalTimes(double rate, ulong seed)
{
    readonly MersenneTwister numbers = new(seed);

    /// <summary>When the next query arrives, in nanoseconds; the first at 0.</summary>
    public long Next { get; private set; }

    public void Advance() => Next += (long)(-Math.Log(1 - numbers.NextUnit()) / rate * 1e9);
}
