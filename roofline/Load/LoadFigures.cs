namespace MlPerfEdu.Roofline.Load;

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
