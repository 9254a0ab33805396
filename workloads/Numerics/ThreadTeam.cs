using System.Runtime.ExceptionServices;

namespace MlPerfEdu.Numerics;

/// <summary>
/// Threads that share loops (<see cref="ForEach"/>) or work through one function together (<see cref="Run"/>). Between jobs they sleep:
/// .NET's pool threads spin for a while after each job, on the cores that libtorch's next product needs.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    static readonly Dictionary<int, ThreadTeam> Kept = [];

    readonly SemaphoreSlim[] wake;
    readonly Thread[] helpers;
    readonly Together together;
    readonly Meeting meeting;
    Job? current;
    volatile bool stopping;

    public ThreadTeam(int size)
    {
        Size = size;
        together = new Together(this);
        meeting = new Meeting(size);
        wake = [.. Enumerable.Range(1, size - 1).Select(_ => new SemaphoreSlim(0))];
        helpers = [.. Enumerable.Range(1, size - 1).Select(Start)];
    }

    /// <summary>The process's own team of this size, which lives as long as the process.</summary>
    public static ThreadTeam Of(int size)
    {
        lock (Kept)
            return Kept.TryGetValue(size, out var team) ? team : Kept[size] = new ThreadTeam(size);
    }

    /// <summary>Threads, the caller included.</summary>
    public int Size { get; }

    /// <summary>Every unit once; which thread does which is left to chance. Loops may be nested and come from several threads.</summary>
    public void ForEach(int units, Action<int> work)
    {
        var helping = Math.Min(Size, units) - 1;
        if (helping <= 0)
        {
            for (var unit = 0; unit < units; unit++) work(unit);
            return;
        }

        var loop = new Loop(units, work);
        Call(loop, helping);
        loop.TakePart(0);
        loop.Wait();
    }

    /// <summary>The function once on every thread, at the same time. One run at a time.</summary>
    /// <param name="part">Gets the number of its thread; the caller is 0.</param>
    public void Run(Action<int> part)
    {
        together.Prepare(part);
        Call(together, Size - 1);
        together.TakePart(0);
    }

    /// <summary>Within <see cref="Run"/>: returns when every thread of the team is here.</summary>
    public void Meet() => meeting.Meet();

    /// <summary>The share of so many units that belongs to one thread.</summary>
    public (int From, int To) Share(int thread, int units) =>
        ((int)((long)units * thread / Size), (int)((long)units * (thread + 1) / Size));

    public void Dispose()
    {
        stopping = true;
        foreach (var sleeper in wake) sleeper.Release();
        foreach (var helper in helpers) helper.Join();
        foreach (var sleeper in wake) sleeper.Dispose();
    }

    void Call(Job job, int helping)
    {
        Volatile.Write(ref current, job);
        for (var i = 0; i < helping; i++) wake[i].Release();
    }

    Thread Start(int number)
    {
        var thread = new Thread(() => Follow(number)) { IsBackground = true, Name = $"team {number}" };
        thread.Start();
        return thread;
    }

    // A helper that wakes late may find a newer job than the one it was called for; jobs hand out each piece once.
    void Follow(int number)
    {
        while (true)
        {
            wake[number - 1].Wait();
            if (stopping) return;
            Volatile.Read(ref current)!.TakePart(number);
        }
    }

    abstract class Job
    {
        public abstract void TakePart(int thread);
    }

    // Kept and used again, because a run allocates nothing.
    sealed class Together(ThreadTeam team) : Job
    {
        readonly int[] begun = new int[team.Size];
        Action<int> part = _ => { };
        int generation;

        public void Prepare(Action<int> next)
        {
            part = next;
            Volatile.Write(ref generation, generation + 1);
        }

        public override void TakePart(int thread)
        {
            var now = Volatile.Read(ref generation);
            if (Interlocked.Exchange(ref begun[thread], now) == now) return;
            part(thread);
            team.Meet();
        }
    }

    sealed class Loop(int units, Action<int> work) : Job
    {
        int taken, done;
        Exception? failure;

        public override void TakePart(int thread)
        {
            for (var unit = Interlocked.Increment(ref taken) - 1; unit < units; unit = Interlocked.Increment(ref taken) - 1)
            {
                try
                {
                    work(unit);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref failure, exception, null);
                }
                Interlocked.Increment(ref done);
            }
        }

        /// <summary>The last unit of another thread is shorter than falling asleep.</summary>
        public void Wait()
        {
            var waiting = new SpinWait();
            while (Volatile.Read(ref done) < units) waiting.SpinOnce(sleep1Threshold: -1);
            if (failure is not null) ExceptionDispatchInfo.Throw(failure);
        }
    }
}

/// <summary>Where so many threads wait for each other, again and again.</summary>
public sealed class Meeting(int size)
{
    int arrived, meetings;

    /// <summary>Returns when all are here. What is waited for takes less time than falling asleep.</summary>
    public void Meet()
    {
        var meeting = Volatile.Read(ref meetings);
        if (Interlocked.Increment(ref arrived) == size)
        {
            arrived = 0;
            Volatile.Write(ref meetings, meeting + 1);
            return;
        }

        var waiting = new SpinWait();
        while (Volatile.Read(ref meetings) == meeting) waiting.SpinOnce(sleep1Threshold: -1);
    }
}
