using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.LoadGen;

/// <summary>Sends queries in the order and at the times of a scenario, and notes when their answers came.</summary>
public sealed class LoadGenerator(LoadSettings settings, IQueryClock clock)
{
    const double NanosecondsPerSecond = 1e9;

    readonly SampleOrder order = new(settings);
    readonly List<IssuedSample> issued = [];
    long began;
    int open;

    /// <param name="progress">Gets the queries answered so far; offline, the samples.</param>
    public IReadOnlyList<AnsweredSample> Run(IBatchingSystem system, Action<int> progress, CancellationToken stop = default)
    {
        began = clock.Nanoseconds;
        switch (settings.Scenario)
        {
            case LoadScenario.Offline:
                Issue(system, new Query(0, [.. order.Offline(settings.Queries)], 0), 0);
                AnswerAll(system, progress, stop);
                break;
            case LoadScenario.Server:
                Serve(system, progress, stop);
                break;
            default:
                Stream(system, progress, stop);
                break;
        }

        progress(Answered);
        return [.. issued.Select(sample => sample.Answer)];
    }

    long Now => clock.Nanoseconds - began;

    int Answered => (issued.Count - open) / settings.SamplesPerQuery;

    // Due when the one before is answered.
    void Stream(IBatchingSystem system, Action<int> progress, CancellationToken stop)
    {
        var (number, last) = (0, 0L);
        while (number < settings.Queries || last < settings.Seconds * NanosecondsPerSecond)
        {
            last = Now;
            Issue(system, new Query(number++, order.Next(), last), last);
            AnswerAll(system, progress, stop);
        }
    }

    void AnswerAll(IBatchingSystem system, Action<int> progress, CancellationToken stop)
    {
        while (open > 0)
            Step(system, progress, stop);
    }

    // Due at its time, whether or not the one before is answered: somebody else sends it meanwhile, and what waits then has waited since.
    void Serve(IBatchingSystem system, Action<int> progress, CancellationToken stop)
    {
        var times = new ArrivalTimes(settings.TargetRate ?? throw NoRate(), settings.Seeds.Arrival);
        using var arrivals = clock.Send(Schedule(times), began, stop);
        while (true)
        {
            foreach (var (query, moment) in arrivals.Take(wait: open == 0))
                Issue(system, query, moment);
            if (open == 0)
                break;
            Step(system, progress, stop);
        }
    }

    IEnumerable<Query> Schedule(ArrivalTimes arrivals)
    {
        for (var (number, last) = (0, -1L); number < settings.Queries || last < settings.Seconds * NanosecondsPerSecond; number++)
        {
            last = arrivals.Next;
            yield return new Query(number, order.Next(), last);
            arrivals.Advance();
        }
    }

    void Step(IBatchingSystem system, Action<int> progress, CancellationToken stop)
    {
        progress(Answered);
        stop.ThrowIfCancellationRequested();
        system.Step();
    }

    void Issue(IBatchingSystem system, Query query, long moment)
    {
        foreach (var sample in query.Samples)
        {
            var one = new IssuedSample(query, sample, moment);
            issued.Add(one);
            open++;
            system.Submit(sample, () => one.Tokens.Add(Now), () => Close(one));
        }
    }

    void Close(IssuedSample one)
    {
        if (one.Tokens.Count == 0)
            throw new InvalidOperationException($"Sample {one.Sample} was answered without saying when; call tokenReady at least once.");
        open--;
    }

    static ArgumentException NoRate() => new("The server scenario without a rate; set load.target_rate in workloads.yaml.");

    sealed record IssuedSample(Query Query, int Sample, long Moment)
    {
        public List<long> Tokens { get; } = [];

        public AnsweredSample Answer => new(Query.Number, Sample, Query.Scheduled, Tokens) { Issued = Moment };
    }
}
