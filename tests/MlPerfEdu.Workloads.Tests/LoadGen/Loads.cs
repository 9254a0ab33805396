using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

static class Loads
{
    public const long Millisecond = 1_000_000, Second = 1_000_000_000;

    /// <summary>As the reference was run: 200 of 1000 samples, at least 100 queries, the published seeds.</summary>
    public static LoadSettings Of(LoadScenario scenario) => new()
    {
        Scenario = scenario,
        Queries = 100,
        Seconds = 0,
        Samples = 200,
        SamplesPerQuery = scenario == LoadScenario.MultiStream ? 8 : 1,
        Percentile = 0.9,
        TargetRate = scenario == LoadScenario.Server ? 500 : null,
        LatencyBoundSeconds = scenario == LoadScenario.Server ? 0.1 : null,
        Rules = LoadSettings.LatestRules,
        Seeds = new LoadSeeds(2085463073848966840, 2747215439041700203, 16159082839903944936),
    };

    public static (IReadOnlyList<AnsweredSample> Answers, FixedSystem System) Run(LoadSettings settings, params long[] tokenNanoseconds)
    {
        var time = new VirtualTime();
        var system = new FixedSystem(time, tokenNanoseconds);
        return (new LoadGenerator(settings, time).Run(new OneByOne(system), _ => { }), system);
    }

    public static AnsweredSample Answered(int query, long scheduled, params long[] tokens) => new(query, query, scheduled, tokens);
}
