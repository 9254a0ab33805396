using System.Diagnostics;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.LoadGen;

/// <summary>Sends queries in the order and at the times of a scenario, and notes when their answers came.</summary>
public sealed class LoadGenerator(LoadSettings settings, IQueryClock clock)
{
    const double NanosecondsPerSecond = 1e9;

    readonly SampleOrder order = new(settings);
    readonly List<AnsweredSample> answers = [];
    long began;
    int queries;

    /// <param name="progress">Gets the queries answered so far.</param>
    public IReadOnlyList<AnsweredSample> Run(IQuerySystem system, Action<int> progress, CancellationToken stop = default)
    {
        began = clock.Nanoseconds;
        switch (settings.Scenario)
        {
            case LoadScenario.Offline:
                Answer(system, Offline(), 0, stop);
                break;
            case LoadScenario.Server:
                Serve(system, progress, stop);
                break;
            default:
                Stream(system, progress, stop);
                break;
        }

        progress(queries);
        return answers;
    }

    long Now => clock.Nanoseconds - began;

    IEnumerable<int> Offline() => Enumerable.Range(0, settings.Queries).Select(i => order.Set[i % order.Set.Count]);

    // Due when the one before is answered.
    void Stream(IQuerySystem system, Action<int> progress, CancellationToken stop)
    {
        var issued = 0L;
        while (queries < settings.Queries || issued < settings.Seconds * NanosecondsPerSecond)
        {
            progress(queries);
            issued = Now;
            Answer(system, order.Next(), issued, stop);
        }
    }

    // Due at its time, whether or not the one before is answered: what waits then has waited since.
    void Serve(IQuerySystem system, Action<int> progress, CancellationToken stop)
    {
        var arrivals = new ArrivalTimes(settings.TargetRate ?? throw NoRate(), settings.Seeds.Arrival);
        var last = -1L;
        while (queries < settings.Queries || last < settings.Seconds * NanosecondsPerSecond)
        {
            progress(queries);
            last = arrivals.Next;
            clock.WaitUntil(began + last);
            Answer(system, order.Next(), last, stop);
            arrivals.Advance();
        }
    }

    void Answer(IQuerySystem system, IEnumerable<int> samples, long scheduled, CancellationToken stop)
    {
        foreach (var sample in samples)
        {
            stop.ThrowIfCancellationRequested();
            var tokens = new List<long>();
            system.Answer(sample, () => tokens.Add(Now));
            if (tokens.Count == 0)
                throw new InvalidOperationException($"Sample {sample} was answered without saying when; call tokenReady at least once.");
            answers.Add(new AnsweredSample(queries, sample, scheduled, tokens));
        }

        queries++;
    }

    static ArgumentException NoRate() => new("The server scenario without a rate; set load.target_rate in workloads.yaml.");
}

/// <summary>What is put under load: it answers samples, one after another.</summary>
public interface IQuerySystem
{
    /// <summary>How many different samples it knows.</summary>
    int Samples { get; }

    /// <summary>Answers one sample.</summary>
    /// <param name="tokenReady">Called when a token is ready; once, at the end, by a system whose answers have none.</param>
    void Answer(int sample, Action tokenReady);
}

/// <summary>The clock of the load generator, so that tests need not wait.</summary>
public interface IQueryClock
{
    /// <summary>Nanoseconds since some fixed moment.</summary>
    long Nanoseconds { get; }

    /// <summary>Returns at that moment, or at once when it has passed.</summary>
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
