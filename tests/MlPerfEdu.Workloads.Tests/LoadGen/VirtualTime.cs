using MlPerfEdu.Engine.LoadGen;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

/// <summary>A clock that only moves when somebody works or waits.</summary>
sealed class VirtualTime : IQueryClock
{
    public long Nanoseconds { get; private set; }

    public void WaitUntil(long nanoseconds) => Nanoseconds = Math.Max(Nanoseconds, nanoseconds);

    public void Pass(long nanoseconds) => Nanoseconds += nanoseconds;
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
