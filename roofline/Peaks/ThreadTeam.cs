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

    /// <param name="action">Takes the number of its thread, from 0.</param>
    public double Seconds(Action<int> action)
    {
        work = action;
        // The clock starts before the threads do: a thread that waits to be scheduled is part of what was measured.
        var start = Stopwatch.GetTimestamp();
        barrier.SignalAndWait();
        barrier.SignalAndWait();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static long RoundsFor(double sampleSeconds, long first, Func<long, double> seconds)
    {
        var rounds = first;
        double taken;
        // Doubled until the start of the threads is lost in it; the better of two, in case one waited for a core.
        while ((taken = Math.Min(seconds(rounds), seconds(rounds))) < sampleSeconds / 4)
            rounds *= 2;
        return (long)Math.Max(rounds * sampleSeconds / taken, 1);
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
