namespace MlPerfEdu.Workloads.Inference;

/// <summary>
/// Threads that work through one function together and meet inside it. A token's step has dozens of parts of some microseconds: waking
/// threads for each of them would cost more than the parts.
/// </summary>
public sealed class WorkerTeam : IDisposable
{
    readonly SemaphoreSlim[] wake;
    readonly Thread[] helpers;
    Action<int> work = _ => { };
    int arrived, meetings;
    volatile bool stopping;

    public WorkerTeam(int size)
    {
        Size = size;
        wake = [.. Enumerable.Range(1, size - 1).Select(_ => new SemaphoreSlim(0))];
        helpers = [.. Enumerable.Range(1, size - 1).Select(Start)];
    }

    public int Size { get; }

    /// <param name="shared">Gets the number of its thread, from 0; the caller is 0.</param>
    public void Run(Action<int> shared)
    {
        work = shared;
        foreach (var helper in wake)
            helper.Release();
        shared(0);
        Meet();
    }

    /// <summary>Comes back when every thread of the team is here.</summary>
    public void Meet()
    {
        var meeting = Volatile.Read(ref meetings);
        if (Interlocked.Increment(ref arrived) == Size)
        {
            arrived = 0;
            Volatile.Write(ref meetings, meeting + 1);
            return;
        }

        var waiting = new SpinWait();
        while (Volatile.Read(ref meetings) == meeting)
            waiting.SpinOnce(sleep1Threshold: -1);
    }

    /// <summary>The part of so many units that belongs to one thread.</summary>
    public (int From, int To) Share(int thread, int units) =>
        ((int)((long)units * thread / Size), (int)((long)units * (thread + 1) / Size));

    public void Dispose()
    {
        stopping = true;
        foreach (var helper in wake)
            helper.Release();
        foreach (var helper in helpers)
            helper.Join();
        foreach (var helper in wake)
            helper.Dispose();
    }

    Thread Start(int number)
    {
        var thread = new Thread(() => Follow(number)) { IsBackground = true, Name = $"token worker {number}" };
        thread.Start();
        return thread;
    }

    void Follow(int number)
    {
        while (true)
        {
            wake[number - 1].Wait();
            if (stopping)
                return;
            work(number);
            Meet();
        }
    }
}
