using static MlPerfEdu.Roofline.Load.LoadFigures;

namespace MlPerfEdu.Roofline.Load;

/// <summary>Whether a run under load counts: long enough, with enough queries, and surely as fast as its scenario asks.</summary>
public static class LoadValidity
{
    const string Latency = "load: latency", FirstToken = "load: first token", TimePerToken = "load: time per token";
    const string Stopping = "load: early stopping";

    /// <summary>Whether another machine, or this one when it is busy, may say otherwise.</summary>
    public static bool IsAboutSpeed(ValidityLine line) => IsBound(line) || IsStopping(line);

    /// <summary>A percentile within its bound.</summary>
    public static bool IsBound(ValidityLine line) => line.Constraint is Latency or FirstToken or TimePerToken;

    /// <summary>Enough queries to be sure of it.</summary>
    public static bool IsStopping(ValidityLine line) => line.Constraint.StartsWith(Stopping, StringComparison.Ordinal);

    /// <summary>The fewest queries that can show the scenario's percentile, however fast they are.</summary>
    public static long LeastQueries(LoadScenario scenario, double percentile) => scenario switch
    {
        LoadScenario.Offline => 1,
        LoadScenario.Server => EarlyStopping.LeastQueries(percentile, 0),
        // The estimate is a latency that one of them is over.
        _ => EarlyStopping.LeastQueries(percentile, 1),
    };

    public static IReadOnlyList<ValidityLine> Lines(LoadSettings settings, IReadOnlyList<AnsweredSample> answers)
    {
        var queries = QueryLatencies(answers);
        var offline = settings.Scenario == LoadScenario.Offline;
        var samples = offline ? answers.Count : queries.Length;
        var length = Seconds(answers.Max(answer => offline ? answer.Latency : answer.Scheduled));
        List<ValidityLine> lines =
        [
            new("load: queries", samples >= settings.Queries, $"{samples}, at least {settings.Queries}"),
            new("load: duration", length >= settings.Seconds, $"{length:0.###} s, at least {settings.Seconds:0.###} s"),
        ];
        if (settings.Scenario == LoadScenario.Server)
        {
            if (settings.FirstTokenBoundSeconds is { } first)
                lines.AddRange(Bounded(settings.Percentile, first, FirstTokens(answers), FirstToken));
            if (settings.PerTokenBoundSeconds is { } each)
                lines.AddRange(Bounded(settings.Percentile, each, PerToken(answers), TimePerToken));
            if (!settings.BoundsTokens && settings.LatencyBoundSeconds is { } bound)
                lines.AddRange(Bounded(settings.Percentile, bound, queries, Latency));
        }
        else if (!offline)
            lines.Add(Estimated(settings, queries));
        return lines;
    }

    static IEnumerable<ValidityLine> Bounded(double percentile, double bound, long[] sorted, string constraint)
    {
        if (sorted.Length == 0)
        {
            yield return new(constraint, false, "no answer has a second token");
            yield break;
        }

        // A time that is exactly the bound holds it, whatever the bound's last bit.
        var most = (long)Math.Round(bound * NanosecondsPerSecond, MidpointRounding.AwayFromZero);
        var found = Percentile.Of(sorted, percentile);
        yield return new(constraint, found <= most, $"p{percentile * 100:0.#} {Seconds(found):0.####} s, at most {bound:0.####} s");
        var over = sorted.Count(each => each > most);
        var least = EarlyStopping.LeastQueries(percentile, over);
        yield return new(
            constraint == Latency ? Stopping : $"{Stopping} by {constraint["load: ".Length..]}",
            sorted.Length >= least, $"{sorted.Length} queries, {over} over the bound allow for it from {least} on");
    }

    static ValidityLine Estimated(LoadSettings settings, long[] latencies)
    {
        var least = LeastQueries(settings.Scenario, settings.Percentile);
        return new(
            Stopping, latencies.Length >= least, $"{latencies.Length} queries, p{settings.Percentile * 100:0.#} can be estimated from {least} on");
    }
}
