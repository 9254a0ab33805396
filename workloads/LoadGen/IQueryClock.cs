using System.Diagnostics;

namespace MlPerfEdu.Workloads.LoadGen;

/// <summary>Time as the load generator sees it, so that tests need none.</summary>
public interface IQueryClock
{
    /// <summary>Since some fixed moment.</summary>
    long Nanoseconds { get; }

    /// <summary>Comes back at that moment, or at once when it has passed.</summary>
    void WaitUntil(long nanoseconds);
}

sealed class SystemQueryClock : IQueryClock
{
    // A sleep may last longer by this much.
    const long SleepMargin = 2_000_000;

    readonly long start = Stopwatch.GetTimestamp();

    public long Nanoseconds => Stopwatch.GetElapsedTime(start).Ticks * TimeSpan.NanosecondsPerTick;

    public void WaitUntil(long nanoseconds)
    {
        if (nanoseconds - Nanoseconds is > SleepMargin and var left)
            Thread.Sleep(TimeSpan.FromTicks((left - SleepMargin) / TimeSpan.NanosecondsPerTick));
        while (Nanoseconds < nanoseconds)
            Thread.SpinWait(20);
    }
}
