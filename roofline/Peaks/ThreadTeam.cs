using System.Diagnostics;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Threads that start a piece of work together; the time of the piece is that of the slowest.</summary>
sealed class ThreadTeam : IDisposable
{
    readonly Barrier barrier;
    readonly Thread[] threads;
    Action<int> work = _ => { };
    volatile bool stopping;

    public ThreadTeam(int size)
    {
        Size = size;
        barrier = new Barrier(size + 1);
        threads = [.. Enumerable.Range(0, size).Select(Start)];
    }

    public int Size { get; }

    /// <param name="action">Gets the number of its thread, from 0.</param>
    public double Seconds(Action<int> action)
    {
        work = action;
        // The clock starts before the threads do: a thread that waits to be scheduled is part of what was measured.
        var start = Stopwatch.GetTimestamp();
        barrier.SignalAndWait();
        barrier.SignalAndWait();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        stopping = true;
        barrier.SignalAndWait();
        foreach (var thread in threads)
            thread.Join();
        barrier.Dispose();
    }

    Thread Start(int number)
    {
        var thread = new Thread(() => Run(number)) { IsBackground = true, Name = $"probe {number}" };
        thread.Start();
        return thread;
    }

    void Run(int number)
    {
        while (true)
        {
            barrier.SignalAndWait();
            if (stopping)
                return;
            work(number);
            barrier.SignalAndWait();
        }
    }
}
