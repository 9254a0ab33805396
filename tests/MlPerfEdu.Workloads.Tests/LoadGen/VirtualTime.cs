using MlPerfEdu.Engine.LoadGen;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

/// <summary>A clock that only moves when somebody works or waits.</summary>
sealed class VirtualTime : IQueryClock
{
    public long Nanoseconds { get; private set; }

    /// <summary>How long after it was due a query is sent.</summary>
    public long Lateness { get; init; }

    public IArrivals Send(IEnumerable<Query> schedule, long began, CancellationToken stop) => new Arrivals(this, schedule.GetEnumerator(), began);

    public void Pass(long nanoseconds) => Nanoseconds += nanoseconds;

    // Every query is found when somebody looks.
    sealed class Arrivals(VirtualTime time, IEnumerator<Query> schedule, long began) : IArrivals
    {
        bool more = schedule.MoveNext();

        public IReadOnlyList<(Query Query, long Sent)> Take(bool wait)
        {
            if (wait && more)
                time.Nanoseconds = Math.Max(time.Nanoseconds, began + Sent);
            var taken = new List<(Query, long)>();
            for (; more && began + Sent <= time.Nanoseconds; more = schedule.MoveNext())
                taken.Add((schedule.Current, Sent));
            return taken;
        }

        long Sent => schedule.Current.Scheduled + time.Lateness;

        public void Dispose() => schedule.Dispose();
    }
}

/// <summary>Answers in fixed times, a token each.</summary>
sealed class FixedSystem(VirtualTime time, params long[] tokenNanoseconds) : IQuerySystem
{
    public int Samples => 1000;

    public List<int> Asked { get; } = [];

    public void Answer(int sample, Action tokenReady)
    {
        Asked.Add(sample);
        foreach (var nanoseconds in tokenNanoseconds)
        {
            time.Pass(nanoseconds);
            tokenReady();
        }
    }
}

/// <summary>Gives everybody a token in each step.</summary>
sealed class StepwiseSystem(VirtualTime time, long stepNanoseconds, int tokens) : IBatchingSystem
{
    readonly List<(Action TokenReady, Action Answered)> open = [];
    readonly List<int> left = [];

    public void Submit(int sample, Action tokenReady, Action answered)
    {
        open.Add((tokenReady, answered));
        left.Add(tokens);
    }

    public void Step()
    {
        time.Pass(stepNanoseconds);
        for (var i = open.Count - 1; i >= 0; i--)
        {
            open[i].TokenReady();
            if (--left[i] > 0)
                continue;
            open[i].Answered();
            open.RemoveAt(i);
            left.RemoveAt(i);
        }
    }
}

/// <summary>Really takes a while for its first answer.</summary>
sealed class SleepySystem : IQuerySystem
{
    bool woken;

    public int Samples => 1000;

    public void Answer(int sample, Action tokenReady)
    {
        if (!woken)
            Thread.Sleep(50);
        woken = true;
        tokenReady();
    }
}
