using static MlPerfEdu.Roofline.Load.LoadFigures;

namespace MlPerfEdu.Roofline.Load;

/// <summary>Whether a run under load counts: long enough, with enough queries, and surely as fast as its scenario asks.</summary>
public static class LoadValidity
{
    const string Latency = "load: latency";
    const string Stopping = "load: early stopping";

    /// <summary>Whether another machine, or this one when it is busy, may say otherwise.</summary>
    public static bool IsAboutSpeed(ValidityLine line) => line.Constraint is Latency or Stopping;

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
        var latencies = QueryLatencies(answers);
        var offline = settings.Scenario == LoadScenario.Offline;
        var samples = offline ? answers.Count : latencies.Length;
        var length = answers.Max(answer => offline ? answer.Latency : answer.Scheduled) / NanosecondsPerSecond;
        List<ValidityLine> lines =
        [
            new("load: queries", samples >= settings.Queries, $"{samples}, at least {settings.Queries}"),
            new("load: duration", length >= settings.Seconds, $"{length:0.###} s, at least {settings.Seconds:0.###} s"),
        ];
        if (settings is { Scenario: LoadScenario.Server, LatencyBoundSeconds: { } bound })
            lines.AddRange(Bounded(settings.Percentile, bound, latencies));
        else if (settings.Scenario is LoadScenario.SingleStream or LoadScenario.MultiStream)
            lines.Add(Estimated(settings, latencies));
        return lines;
    }

    static IEnumerable<ValidityLine> Bounded(double percentile, double bound, long[] latencies)
    {
        var latency = Percentile.Of(latencies, percentile) / NanosecondsPerSecond;
        yield return new(Latency, latency <= bound, $"p{percentile * 100:0.#} {latency:0.####} s, at most {bound:0.####} s");
        var over = latencies.Count(each => each > bound * NanosecondsPerSecond);
        var least = EarlyStopping.LeastQueries(percentile, over);
        yield return new(
            Stopping, latencies.Length >= least, $"{latencies.Length} queries, {over} over the bound allow for it from {least} on");
    }

    static ValidityLine Estimated(LoadSettings settings, long[] latencies)
    {
        var least = LeastQueries(settings.Scenario, settings.Percentile);
        return new(
            Stopping, latencies.Length >= least, $"{latencies.Length} queries, p{settings.Percentile * 100:0.#} can be estimated from {least} on");
    }
}

/// <summary>
/// How many queries it takes to be 99 % sure of a percentile. With t queries over the claimed latency, there must be so many below
/// it that a system at exactly that percentile would do as well in less than one run of a hundred.
/// </summary>
public static class EarlyStopping
{
    const double Confidence = 0.99;

    /// <summary>The least number of queries that allows for so many over the latency.</summary>
    public static long LeastQueries(double percentile, long over)
    {
        // A run of this many over the latency is below its mean here, and so surely too likely.
        long low = over, high = (long)Math.Ceiling((over + 1) / (1 - percentile)) + 1;
        while (TooLikely(high))
            (low, high) = (high, 2 * high);
        return Bisect(low, high, queries => !TooLikely(queries)).High;

        bool TooLikely(long queries) => ChanceOfAtMost(over, queries, 1 - percentile) >= 1 - Confidence;
    }

    /// <summary>The upper bound of the percentile of these latencies, from the most that their number allows over it; absent when too few.</summary>
    public static long? Estimate(IReadOnlyList<long> sorted, double percentile)
    {
        if (LeastQueries(percentile, 0) > sorted.Count)
            return null;
        var over = Bisect(0, sorted.Count, over => LeastQueries(percentile, over) > sorted.Count).Low;
        return over > 0 ? sorted[(int)(sorted.Count - over)] : null;
    }

    // Two neighbours: the last number that does not hold, and the first that does.
    static (long Low, long High) Bisect(long low, long high, Func<long, bool> holds)
    {
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return (low, high);
    }

    /// <summary>P[Binomial(trials, chance) ≤ successes], its terms added from the last, the largest, until they no longer matter.</summary>
    static double ChanceOfAtMost(long successes, long trials, double chance)
    {
        var odds = Math.Log(chance) - Math.Log(1 - chance);
        var term = trials * Math.Log(1 - chance);
        for (long k = 1; k <= successes; k++)
            term += Math.Log((double)(trials - k + 1) / k) + odds;
        var sum = 0.0;
        for (var k = successes; k >= 0; k--)
        {
            var value = Math.Exp(term);
            sum += value;
            if (value < sum * 1e-17)
                break;
            term -= Math.Log((double)(trials - k + 1) / k) + odds;
        }

        return sum;
    }
}

/// <summary>What follows from the answers of a run, by name; times in seconds.</summary>
public static class LoadFigures
{
    internal const double NanosecondsPerSecond = 1e9;

    public static IReadOnlyDictionary<string, double> Of(LoadSettings settings, IReadOnlyList<AnsweredSample> answers)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        var queries = QueryLatencies(answers);
        var seconds = Seconds(answers.Max(answer => answer.Completed));
        figures["queries"] = queries.Length;
        figures["samples"] = answers.Count;
        figures["seconds"] = seconds;
        figures["samples_per_second"] = answers.Count / seconds;
        figures["latency_mean"] = Seconds(queries.Average());
        Percentiles("latency", queries, [0.5, 0.9, 0.99]);
        if (EarlyStopping.Estimate(queries, settings.Percentile) is { } estimate)
            figures["latency_upper_bound"] = Seconds(estimate);
        if (answers.All(answer => answer.Tokens.Count > 1))
        {
            figures["tokens_per_second"] = answers.Sum(answer => (long)answer.Tokens.Count) / seconds;
            Percentiles("time_to_first_token", [.. answers.Select(answer => answer.ToFirstToken).Order()], [0.5, 0.99]);
            Percentiles("between_tokens", [.. answers.SelectMany(Gaps).Order()], [0.5, 0.99]);
        }

        return figures;

        void Percentiles(string name, long[] sorted, ReadOnlySpan<double> shares)
        {
            foreach (var share in shares)
                figures[$"{name}_p{share * 100:0}"] = Seconds(Percentile.Of(sorted, share));
        }
    }

    /// <summary>A query is answered with its last sample. Ascending.</summary>
    public static long[] QueryLatencies(IReadOnlyList<AnsweredSample> answers) =>
        [.. answers.GroupBy(answer => answer.Query).Select(query => query.Max(answer => answer.Latency)).Order()];

    static IEnumerable<long> Gaps(AnsweredSample answer) => answer.Tokens.Zip(answer.Tokens.Skip(1), (before, after) => after - before);
    static double Seconds(double nanoseconds) => nanoseconds / NanosecondsPerSecond;
}

/// <summary>LoadGen's: the value at the truncated position, never one between two values.</summary>
public static class Percentile
{
    public static long Of(IReadOnlyList<long> sorted, double share) => sorted[(int)(sorted.Count * share)];
}
