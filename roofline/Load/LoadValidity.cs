using MlPerfEdu.Roofline.Evidence;
using static System.FormattableString;

namespace MlPerfEdu.Roofline.Load;

/// <summary>Whether a run under load counts: long enough, with enough queries, and surely as fast as its scenario asks.</summary>
public static class LoadValidity
{
    const double NanosecondsPerSecond = 1e9;
    const string Latency = "load: latency";
    const string Stopping = "load: early stopping";

    /// <summary>Whether another machine, or this one when it is busy, may say otherwise.</summary>
    public static bool IsAboutSpeed(ValidityLine line) => line.Constraint is Latency or Stopping;

    /// <summary>Queries without which the scenario's percentile cannot be told, however fast they are answered.</summary>
    public static long LeastQueries(LoadScenario scenario, double percentile) => scenario switch
    {
        LoadScenario.Offline => 1,
        LoadScenario.Server => EarlyStopping.LeastQueries(percentile, 0),
        // The estimate is a latency that one of them is over.
        _ => EarlyStopping.LeastQueries(percentile, 1),
    };

    public static IReadOnlyList<ValidityLine> Lines(LoadSettings settings, IReadOnlyList<AnsweredSample> answers)
    {
        var latencies = LoadFigures.QueryLatencies(answers);
        var samples = settings.Scenario == LoadScenario.Offline ? answers.Count : latencies.Length;
        var length = Length(settings.Scenario, answers) / NanosecondsPerSecond;
        List<ValidityLine> lines =
        [
            new("load: queries", samples >= settings.Queries, $"{samples}, at least {settings.Queries}"),
            new("load: duration", length >= settings.Seconds, Invariant($"{length:0.###} s, at least {settings.Seconds:0.###} s")),
        ];
        if (settings is { Scenario: LoadScenario.Server, LatencyBoundSeconds: { } bound })
            lines.AddRange(Bounded(settings.Percentile, bound, latencies));
        else if (settings.Scenario is LoadScenario.SingleStream or LoadScenario.MultiStream)
            lines.Add(Estimated(settings, latencies));
        return lines;
    }

    static long Length(LoadScenario scenario, IReadOnlyList<AnsweredSample> answers) => scenario switch
    {
        LoadScenario.Offline => answers.Max(answer => answer.Latency),
        _ => answers.Max(answer => answer.Scheduled),
    };

    static IEnumerable<ValidityLine> Bounded(double percentile, double bound, long[] latencies)
    {
        var found = Percentile.Of(latencies, percentile) / NanosecondsPerSecond;
        yield return new(Latency, found <= bound, Invariant($"p{percentile * 100:0.#} {found:0.####} s, at most {bound:0.####} s"));
        var over = latencies.Count(latency => latency > bound * NanosecondsPerSecond);
        var least = EarlyStopping.LeastQueries(percentile, over);
        yield return new(
            Stopping, latencies.Length >= least, $"{latencies.Length} queries, {over} over the bound allow for it from {least} on");
    }

    static ValidityLine Estimated(LoadSettings settings, long[] latencies)
    {
        var least = LeastQueries(settings.Scenario, settings.Percentile);
        return new(Stopping, latencies.Length >= least,
            Invariant($"{latencies.Length} queries, p{settings.Percentile * 100:0.#} can be estimated from {least} on"));
    }
}
