using System.Diagnostics;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Books every moment between <see cref="Start"/> and <see cref="Stop"/> on one part, or on none.</summary>
sealed class PartClock(Func<long> now)
{
    readonly long[] ticks = new long[2 * StepParts.All.Count];
    long unattributed;
    long last;
    bool inside;

    public PartClock()
        : this(Stopwatch.GetTimestamp)
    {
    }

    public void Start()
    {
        Array.Clear(ticks);
        unattributed = 0;
        last = now();
    }

    public void Time(StepPart part, Pass pass, Action work)
    {
        if (inside)
            throw new InvalidOperationException(
                $"{part.Name()} was timed inside another part; its time would count there and here. End one first.");
        unattributed += Lap();
        inside = true;
        try
        {
            work();
        }
        finally
        {
            inside = false;
            ticks[Index(part, pass)] += Lap();
        }
    }

    public StepTimes Stop()
    {
        unattributed += Lap();
        return new StepTimes([.. ticks.Select(Seconds)], Seconds(unattributed));
    }

    public static int Index(StepPart part, Pass pass) => 2 * (int)part + (int)pass;

    long Lap()
    {
        var moment = now();
        var lap = moment - last;
        last = moment;
        return lap;
    }

    static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}

/// <summary>Where the seconds of one step went.</summary>
/// <param name="Parts">By <see cref="PartClock.Index"/>.</param>
/// <param name="Unattributed">Between the parts.</param>
sealed record StepTimes(IReadOnlyList<double> Parts, double Unattributed)
{
    public double Of(StepPart part, Pass pass) => Parts[PartClock.Index(part, pass)];
}
