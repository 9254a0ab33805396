namespace MlPerfEdu.Cli.Commands;

/// <summary>The runs of one workload in at most ten lines: how they went, what limits the step, and what to try next.</summary>
sealed class RunCard(IReadOnlyList<RunResult> runs, Repository repository)
{
    const string Program = CommandLine.Program;

    readonly RunResult last = runs[^1];
    readonly IReadOnlyList<EvidenceRecord> records = [.. runs.Select(run => run.Evidence).OfType<EvidenceRecord>()];

    string Id => last.Entry.Id;
    bool Passed => runs.All(run => run.Passed);
    EvidenceRecord? Newest => records.Count > 0 ? records[^1] : null;

    /// <summary>The first line alone says whether all is well.</summary>
    public void DrawVerdict(Screen screen) => screen.Line(Verdict, Passed ? Tone.Good : Tone.Bad);

    public void Draw(Screen screen)
    {
        screen.Line();
        DrawVerdict(screen);
        var rows = Rows().Where(row => row.Text is not null).ToList();
        var width = rows.Max(row => row.Name.Length);
        foreach (var (name, text) in rows)
            screen.Line($"  {name.PadRight(width)}  {text}");
    }

    string Verdict
    {
        get
        {
            var seeds = runs.Count == 1 ? $"seed {last.Seed}" : $"{runs.Count(run => run.Passed)} of {runs.Count} seeds passed";
            var on = Newest is { } record ? $", {record.Data.Dataset} ({record.Data.Tier})" : "";
            return $"{Id}: {(Passed ? "PASS" : Newest is null ? $"ERROR {last.Error!.Code}" : "FAIL")}, {seeds}{on}";
        }
    }

    IEnumerable<(string Name, string? Text)> Rows() =>
    [
        ("score", Score()), ("trivial answer", Newest is { } record ? TrivialAnswer.Of(record) : null), ("time to target", TimeToTarget()),
        ("step limited by", Newest is { } measured ? Limit.Of(measured) : null), ("peak memory", Memory()), ("next", Next()),
        ("page", Repository.ReadmeOf(Id) is var page && File.Exists(Path.Combine(repository.Root, page)) ? page : $"`{Program} show {Id}`"),
        ("evidence", last.Sidecar),
    ];

    // Of several seeds, from the lowest to the highest.
    string? Score()
    {
        if (Newest is null)
            return last.Error?.Message;
        return string.Join("; ", Newest.Quality.Checks.Select((check, index) =>
        {
            double[] values = [.. records.Select(record => record.Quality.Checks[index].Value).Order()];
            var found = values[0] == values[^1] ? QualityCheck.Text(values[0]) : $"{QualityCheck.Text(values[0])} to {QualityCheck.Text(values[^1])}";
            return $"{check.Metric} {found} ({check.Bound.Words()} {QualityCheck.Text(check.Limit)})";
        }));
    }

    string? TimeToTarget()
    {
        if (Newest is null or { Serving: not null })
            return null;
        double[] times = [.. records.Select(record => record.Cost.TimeToTargetSeconds).OfType<double>()];
        var whole = DurationText.Of(records.Average(record => record.Cost.TrainSeconds));
        return times.Length == 0 ? $"not reached in {whole}" : $"{DurationText.Of(Statistics.Median(times))} of {whole} of training{(times.Length > 1 ? $" (median of {times.Length})" : "")}";
    }

    string? Memory() => records.Where(record => record.Cost.PeakMemoryBytes > 0).MaxBy(record => record.Cost.PeakMemoryBytes)?.Cost is { } cost
        ? cost.Budget?.Memory(cost.PeakMemoryBytes) ?? Units.Si(cost.PeakMemoryBytes, "B")
        : null;

    string Next()
    {
        if (Newest is null)
            return $"correct that, then `{Program} run {Id}`";
        if (last.AfterAnotherRegime is { } regime)
            return regime;
        if (!Newest.Quality.Met)
            return $"`{Program} watch {Id}` shows where learning stops; then change the recipe in workloads.yaml";
        if (Newest.Measurement.StepSeconds.Count == 0)
            return $"`{Program} run {Id}` without --no-measure, to see what limits a step";
        if (last.HasNoBaseline)
            return $"no baseline for this machine class; `{Program} accept {Id}` makes one";
        return Limit.Advice(Newest, Program);
    }
}

/// <summary>What a model is held against: answers that need no learning, or nearly none, as far as the run scored them.</summary>
static class TrivialAnswer
{
    static readonly (string Part, string Words)[] Known =
    [
        ("commonest_class", "the commonest class"), ("majority", "the commonest class"), ("linear_accuracy", "a linear model"), ("bag_of_words_accuracy", "a bag of words"),
        ("persistence", "the last value"), ("seasonal", "the last day"), ("ridge", "ridge regression"), ("unigram", "letter frequencies"), ("5gram", "counts of five letters"),
        ("counted", "counts of letters"), ("wiener_mse", "the Wiener filter"), ("zero_mse", "no noise"), ("popularity", "the movie's popularity"), ("words_only", "a linear model of the words"),
        ("mean_figure", "the mean figure"), ("coin", "tosses of a coin"), ("commonest_token", "the commonest token"), ("commonest_tool", "the commonest tool"),
        ("nearest_question", "the nearest question's answer"), ("bm25_accuracy", "word search (BM25)"), ("trivial_answer", "a phrase of the passage"),
    ];

    /// <summary>What a run scored of them, by metric.</summary>
    public static IEnumerable<(string Metric, string Words, double Value)> In(EvidenceRecord record) =>
        from metric in record.Quality.Metrics
        // Ours above or over theirs is no answer.
        where metric.Key != record.Quality.Target.Metric && !metric.Key.StartsWith("above", StringComparison.Ordinal)
        let words = Known.FirstOrDefault(known => metric.Key.Contains(known.Part, StringComparison.Ordinal)).Words
            ?? (record.Quality.TrivialAnswers?.Contains(metric.Key) is true ? metric.Key.Replace('_', ' ') : null)
        where words is not null
        // One that is scored as the model is comes first.
        orderby metric.Key.StartsWith(record.Quality.Target.Metric, StringComparison.Ordinal) descending
        select (metric.Key, words, metric.Value);

    public static string Of(EvidenceRecord record)
    {
        var found = In(record).DistinctBy(answer => answer.Words).ToList();
        return found.Count > 0 ? string.Join(", ", found.Select(answer => $"{answer.Words} {QualityCheck.Text(answer.Value)}")) : "not scored by this run";
    }
}

/// <summary>What holds a step up, in plain words, and what would help.</summary>
static class Limit
{
    public static string Of(EvidenceRecord record)
    {
        if (record.Measurement.StepSeconds is not { Count: > 0 } steps)
            return "not measured";
        var share = record.Point() is { } point ? $", {Units.Percent(point.Utilization.Middle)} of its roof" : "";
        return $"{Word(record)}: {Describe.Regime(record)}; {Units.Seconds(Statistics.Median(steps))}{share}";
    }

    public static string Word(EvidenceRecord record) => Kind(record) switch
    {
        RegimeValue.Unmeasured => "not measured",
        RegimeValue.DispatchBound => "operator calls",
        RegimeValue.KernelBound => "kernels",
        RegimeValue.ComputeBound => "arithmetic",
        RegimeValue.BandwidthBound => record.Regimes.WorkingSet.Value == RegimeValue.CacheResident ? "cache bandwidth" : "memory bandwidth",
        _ => "nothing alone",
    };

    public static string Advice(EvidenceRecord record, string program) => Kind(record) switch
    {
        RegimeValue.DispatchBound => "a larger batch, or one call for several operators",
        RegimeValue.KernelBound => $"`{program} compare torchsharp {record.Workload.Id}`: are our kernels better than the package's?",
        RegimeValue.ComputeBound => "fewer or narrower products; `precision: bf16` in an open recipe, where the processor has it",
        RegimeValue.BandwidthBound => "fewer bytes: fuse operators, narrower numbers, a batch that stays in the cache",
        _ => $"another seed, `{program} run {record.Workload.Id} --seeds 1..5`: is one run luck?",
    };

    // Calls first: they hide everything else.
    static RegimeValue Kind(EvidenceRecord record) => record.Regimes.Dispatch.Value is RegimeValue.DispatchBound or RegimeValue.KernelBound
        ? record.Regimes.Dispatch.Value
        : record.Regimes.ArithmeticIntensity.Value;
}
