using System.Collections.Concurrent;
using System.Diagnostics;

namespace MlPerfEdu.Engine.LoadGen;

/// <param name="Number">Counts from 0.</param>
/// <param name="Scheduled">When it is due, in nanoseconds since the run began.</param>
public sealed record Query(int Number, int[] Samples, long Scheduled);

/// <summary>The clock of the load generator, so that tests need not wait.</summary>
public interface IQueryClock
{
    /// <summary>Nanoseconds since some fixed moment.</summary>
    long Nanoseconds { get; }

    /// <summary>Sends each query at its time, whatever the caller does meanwhile.</summary>
    /// <param name="began">Their times count from then.</param>
    IArrivals Send(IEnumerable<Query> schedule, long began, CancellationToken stop);
}

/// <summary>Queries on their way.</summary>
public interface IArrivals : IDisposable
{
    /// <summary>What arrived since the last call, and when it was sent.</summary>
    /// <param name="wait">For the next query, when none has arrived; then nothing means that no more will come.</param>
    IReadOnlyList<(Query Query, long Sent)> Take(bool wait);
}

sealed class SystemQueryClock : IQueryClock
{
    readonly long start = Stopwatch.GetTimestamp();

    public long Nanoseconds => Stopwatch.GetElapsedTime(start).Ticks * TimeSpan.NanosecondsPerTick;

    public IArrivals Send(IEnumerable<Query> schedule, long began, CancellationToken stop) => new Sender(this, schedule, began, stop);

    // Whole milliseconds asleep; the rest giving way to whoever computes.
    void WaitUntil(long nanoseconds, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && nanoseconds - Nanoseconds is > 0 and var left)
        {
            if (left / 1_000_000 is > 0 and var milliseconds)
                stop.WaitHandle.WaitOne((int)Math.Min(milliseconds, int.MaxValue));
            else
                Thread.Yield();
        }
    }

    /// <summary>A thread that keeps the schedule.</summary>
    sealed class Sender : IArrivals
    {
        readonly BlockingCollection<(Query, long)> sent = [];
        readonly CancellationTokenSource ended;
        readonly Thread thread;

        public Sender(SystemQueryClock clock, IEnumerable<Query> schedule, long began, CancellationToken stop)
        {
            ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            thread = new Thread(Send) { Name = "queries", IsBackground = true };
            thread.Start();

            void Send()
            {
                foreach (var query in schedule)
                {
                    clock.WaitUntil(began + query.Scheduled, ended.Token);
                    if (ended.IsCancellationRequested)
                        break;
                    sent.Add((query, clock.Nanoseconds - began), CancellationToken.None);
                }

                sent.CompleteAdding();
            }
        }

        public IReadOnlyList<(Query Query, long Sent)> Take(bool wait)
        {
            var taken = new List<(Query, long)>();
            if (wait && sent.TryTake(out var first, Timeout.Infinite, ended.Token))
                taken.Add(first);
            while (sent.TryTake(out var next))
                taken.Add(next);
            return taken;
        }

        public void Dispose()
        {
            ended.Cancel();
            thread.Join();
            ended.Dispose();
            sent.Dispose();
        }
    }
}
