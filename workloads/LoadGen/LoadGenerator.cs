using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.LoadGen;

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
