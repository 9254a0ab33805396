using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.Inference;

/// <summary>One run under load: the answers are examined, then timed.</summary>
sealed record ServingSession(ServingRecord Serving, IReadOnlyDictionary<string, double> Metrics, string AnswersSha256, double Seconds)
{
    // LoadGen 6's official configuration.
    static readonly LoadSeeds Prescribed = new(2085463073848966840, 2747215439041700203, 16159082839903944936);

    public static ServingSession Run(
        InferenceEntry entry, LoadScenario scenario, IInferenceWorkload workload, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        var settings = Settings(entry.Load, scenario, options.Seed, options.TargetRate);
        var clock = new SystemQueryClock();
        var metrics = new Dictionary<string, double>(workload.Examine(progress, stop), StringComparer.Ordinal);
        var answers = Answers(settings, workload, clock, Say, stop);
        foreach (var (name, value) in LoadFigures.Of(settings, answers))
            metrics[name] = value;
        return new ServingSession(new ServingRecord(settings, answers), metrics, workload.AnswersSha256, clock.Nanoseconds / 1e9);

        void Say(int done) => progress.Report(
            "serving", Math.Min(1, (double)done / settings.Queries), $"{scenario.Name()}, {done} of {settings.Queries} queries");
    }

    /// <param name="progress">Gets the queries answered so far.</param>
    public static IReadOnlyList<AnsweredSample> Answers(
        LoadSettings settings, IInferenceWorkload workload, IQueryClock clock, Action<int> progress, CancellationToken stop)
    {
        // The first answer also pays for what is prepared only once.
        workload.Answer(0, () => { });
        return new LoadGenerator(settings, clock).Run(workload as IBatchingSystem ?? new OneByOne(workload), progress, stop);
    }

    /// <param name="rate">Instead of the entry's.</param>
    internal static LoadSettings Settings(Load load, LoadScenario scenario, int seed, double? rate = null)
    {
        // Seed 1 stands for the seeds that LoadGen prescribes.
        var moved = unchecked((ulong)(seed - 1));
        var perQuery = scenario == LoadScenario.MultiStream ? load.SamplesPerQuery : 1;
        var queries = Math.Max(load.Queries, (int)LoadValidity.LeastQueries(scenario, load.Percentile));
        // Whole rounds through the set; a query of neighbours has the first ones again at its end.
        var round = load.EqualIssue == true ? load.Samples + perQuery - 1 : 1;
        return new()
        {
            Scenario = scenario,
            Queries = (queries + round - 1) / round * round,
            Seconds = load.Seconds,
            Samples = load.Samples,
            SamplesPerQuery = perQuery,
            Percentile = load.Percentile,
            TargetRate = scenario == LoadScenario.Server ? rate ?? load.TargetRate : null,
            LatencyBoundSeconds = scenario == LoadScenario.Server ? load.LatencyBoundSeconds : null,
            FirstTokenBoundSeconds = scenario == LoadScenario.Server ? load.FirstTokenBoundSeconds : null,
            PerTokenBoundSeconds = scenario == LoadScenario.Server ? load.PerTokenBoundSeconds : null,
            EqualIssue = load.EqualIssue,
            Rules = LoadSettings.LatestRules,
            Seeds = new LoadSeeds(Prescribed.Set + moved, Prescribed.Draw + moved, Prescribed.Arrival + moved),
        };
    }
}
