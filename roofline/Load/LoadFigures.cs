namespace MlPerfEdu.Roofline.Load;

/// <summary>What follows from the answers of a run, by name; times in seconds.</summary>
public static class LoadFigures
{
    internal const double NanosecondsPerSecond = 1e9;

    // Those of LoadGen's summary, and of runs from before it was held against LoadGen.
    static readonly double[] Shares = [0.5, 0.9, 0.95, 0.97, 0.99, 0.999], FirstShares = [0.5, 0.9, 0.99], Ends = [0.5, 0.99];

    public static IReadOnlyDictionary<string, double> Of(LoadSettings settings, IReadOnlyList<AnsweredSample> answers)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        var isLatest = settings.Rules is not null;
        var queries = QueryLatencies(answers);
        var latencies = isLatest && settings.Scenario == LoadScenario.Offline ? Sorted(answers.Select(answer => answer.Latency)) : queries;
        var seconds = Seconds(answers.Max(answer => answer.Completed));
        // Of a server, the time ends when its last query begins.
        var counted = isLatest && settings.Scenario == LoadScenario.Server ? answers.Count - 1 : answers.Count;
        figures["queries"] = queries.Length;
        figures["samples"] = answers.Count;
        figures["seconds"] = seconds;
        figures["samples_per_second"] = counted / seconds;
        figures["latency_mean"] = Seconds(latencies.Average());
        Times("latency", latencies, FirstShares);
        if (EarlyStopping.Estimate(queries, settings.Percentile) is { } estimate)
            figures["latency_upper_bound"] = Seconds(estimate);
        if (answers.All(answer => answer.Tokens.Count > 1))
        {
            figures["tokens_per_second"] = answers.Sum(answer => (long)answer.Tokens.Count) / seconds;
            Times("time_to_first_token", FirstTokens(answers), Ends);
            Times("between_tokens", Sorted(answers.SelectMany(Gaps)), Ends);
            if (isLatest)
                Times("time_per_output_token", PerToken(answers), Shares);
        }

        if (isLatest && answers.All(answer => answer.Issued is not null))
            figures["issue_delay_max"] = Seconds(answers.Max(answer => answer.Issued!.Value - answer.Scheduled));
        return figures;

        void Times(string name, long[] sorted, double[] firstShares)
        {
            foreach (var share in isLatest ? Shares : firstShares)
                figures[$"{name}_{Name(share)}"] = Seconds(Percentile.Of(sorted, share));
            if (isLatest)
                (figures[$"{name}_min"], figures[$"{name}_max"]) = (Seconds(sorted[0]), Seconds(sorted[^1]));
        }
    }

    /// <summary>A query is answered with its last sample. Ascending.</summary>
    public static long[] QueryLatencies(IReadOnlyList<AnsweredSample> answers) =>
        Sorted(answers.GroupBy(answer => answer.Query).Select(query => query.Max(answer => answer.Latency)));

    /// <summary>Ascending.</summary>
    public static long[] FirstTokens(IReadOnlyList<AnsweredSample> answers) => Sorted(answers.Select(answer => answer.ToFirstToken));

    /// <summary>Of the answers that have several tokens, ascending.</summary>
    public static long[] PerToken(IReadOnlyList<AnsweredSample> answers) => Sorted(answers.Select(answer => answer.PerToken).OfType<long>());

    internal static double Seconds(double nanoseconds) => nanoseconds / NanosecondsPerSecond;

    // p50, p99_9
    static string Name(double share) => FormattableString.Invariant($"p{share * 100:0.#}").Replace('.', '_');

    static long[] Sorted(IEnumerable<long> times) => [.. times.Order()];
    static IEnumerable<long> Gaps(AnsweredSample answer) => answer.Tokens.Zip(answer.Tokens.Skip(1), (before, after) => after - before);
}

/// <summary>LoadGen's: the value at the truncated position, never one between two values.</summary>
public static class Percentile
{
    public static long Of(IReadOnlyList<long> sorted, double share) => sorted[(int)(sorted.Count * share)];
}
