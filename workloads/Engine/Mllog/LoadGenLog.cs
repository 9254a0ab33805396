using System.Globalization;
using System.Text;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>
/// A run under load as MLPerf's LoadGen would have logged it: the summary for people and the detail for the submission checker.
/// Everything follows from the answers in the evidence.
/// </summary>
sealed class LoadGenLog(EvidenceRecord evidence, InferenceEntry entry)
{
    const double NanosecondsPerSecond = 1e9;
    const string Line = "================================================";
    static readonly double[] Percentiles = [0.5, 0.9, 0.95, 0.97, 0.99, 0.999];

    readonly LoadSettings load = evidence.Serving!.Load;
    readonly IReadOnlyList<AnsweredSample> answers = evidence.Serving.Answers;
    readonly long[] queries = LoadFigures.QueryLatencies(evidence.Serving.Answers);
    readonly long[] samples = [.. evidence.Serving.Answers.Select(answer => answer.Latency).Order()];
    readonly IReadOnlyList<ValidityLine> validity = LoadValidity.Lines(evidence.Serving.Load, evidence.Serving.Answers);

    /// <summary>As LoadGen spells it, also in the name of a folder.</summary>
    public string Scenario => load.Scenario.ToString();

    string Name => $"{entry.Id} (MlPerfEdu, unverified)";

    bool IsValid => validity.All(line => line.Met);

    bool Met(Func<ValidityLine, bool> ofInterest) => validity.Where(ofInterest).All(line => line.Met);

    bool DurationMet => Met(line => line.Constraint == "load: duration");

    bool QueriesMet => Met(line => line.Constraint == "load: queries");

    bool LatencyMet => Met(LoadValidity.IsBound);

    bool StoppingMet => Met(LoadValidity.IsStopping);

    bool BoundsTokens => load.FirstTokenBoundSeconds is not null || load.PerTokenBoundSeconds is not null;

    // A multi-stream query is as slow as its slowest sample.
    long[] Reported => load.Scenario == LoadScenario.MultiStream ? queries : samples;

    long? Estimate => load.Scenario is LoadScenario.SingleStream or LoadScenario.MultiStream ? EarlyStopping.Estimate(queries, load.Percentile) : null;

    double LastAnswer => answers.Max(answer => answer.Completed) / NanosecondsPerSecond;

    double LastScheduled => answers.Max(answer => answer.Scheduled) / NanosecondsPerSecond;

    // LoadGen leaves the last query out of a rate: the time ends when it begins.
    double Rate(double seconds) => seconds > 0 ? (answers.Count - 1) / seconds : 0;

    long Percentile(double share) => Roofline.Load.Percentile.Of(Reported, share);

    string Stopping => string.Join("; ", validity.Where(LoadValidity.IsStopping).Select(line => line.Reason));

    public string Summary()
    {
        var text = new StringBuilder();
        Heading("MLPerf Results Summary");
        Say($"SUT name : {Name}");
        Say($"Scenario : {Scenario}");
        Say($"Mode     : PerformanceOnly");
        Say(load.Scenario switch
        {
            LoadScenario.Server => $"Completed samples per second    : {Rate(LastAnswer):0.00}",
            LoadScenario.Offline => $"Samples per second: {answers.Count / LastAnswer:0.######}",
            _ => $"{load.Percentile * 100:0.0}th percentile latency (ns) : {Percentile(load.Percentile)}",
        });
        Say($"Result is : {(IsValid ? "VALID" : "INVALID")}");
        if (load.Scenario == LoadScenario.Server)
            Say($"  Performance constraints satisfied : {YesOrNo(LatencyMet)}");
        Say($"  Min duration satisfied : {YesOrNo(DurationMet)}");
        Say($"  Min queries satisfied : {YesOrNo(QueriesMet)}");
        Say($"  Early stopping satisfied: {YesOrNo(StoppingMet)}");
        if (!IsValid)
        {
            Say($"Recommendations:");
            foreach (var line in validity.Where(line => !line.Met))
                Say($" * {line.Constraint}: {line.Reason}");
        }

        if (load.Scenario != LoadScenario.Offline)
        {
            Say($"Early Stopping Result:");
            Say($" * {Stopping}");
            if (Estimate is { } estimate)
                Say($" * Early stopping {load.Percentile * 100:0.#}th percentile estimate: {estimate}");
        }

        Say();
        Heading("Additional Stats");
        if (load.Scenario == LoadScenario.SingleStream)
        {
            Say($"QPS w/ loadgen overhead         : {Rate(LastScheduled):0.00}");
            Say($"QPS w/o loadgen overhead        : {NanosecondsPerSecond / samples.Average():0.00}");
            Say();
        }
        else if (load.Scenario == LoadScenario.Server)
            Say($"Scheduled samples per second : {Rate(LastScheduled):0.00}");
        else if (load.Scenario == LoadScenario.MultiStream)
            Say($"Per-query latency:  ");
        Say($"Min latency (ns)                : {Reported[0]}");
        Say($"Max latency (ns)                : {Reported[^1]}");
        Say($"Mean latency (ns)               : {(long)Reported.Average()}");
        foreach (var share in Percentiles)
            Say($"{share * 100:00.00} percentile latency (ns)   : {Percentile(share)}");
        Say();
        Heading("Test Parameters Used");
        foreach (var (key, value) in Parameters())
            Say($"{key} : {value}");
        Say();
        Say($"No warnings encountered during test.");
        Say();
        Say($"No errors encountered during test.");
        return text.ToString();

        void Heading(string title) => Say($"{Line}\n{title}\n{Line}");
        void Say(FormattableString? line = null) => text.Append(line?.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    static string YesOrNo(bool met) => met ? "Yes" : "NO";

    /// <summary>The settings under LoadGen's names; `(ms)` and the like are how its summary writes units.</summary>
    IEnumerable<(string Key, object Value)> Parameters() =>
    [
        ("samples_per_query", SamplesPerQuery), ("target_qps", TargetRate), ("target_latency (ns)", LatencyBound), ("max_async_queries", 1),
        ("min_duration (ms)", MinDuration), ("max_duration (ms)", 0), ("min_query_count", MinQueries), ("max_query_count", 0),
        ("qsl_rng_seed", load.Seeds.Set), ("sample_index_rng_seed", load.Seeds.Draw), ("schedule_rng_seed", load.Seeds.Arrival),
        ("accuracy_log_rng_seed", 0), ("accuracy_log_probability", 0), ("accuracy_log_sampling_target", 0), ("print_timestamps", 0),
        ("performance_issue_unique", 0), ("performance_issue_same", 0), ("performance_issue_same_index", 0), ("performance_sample_count", load.Samples),
    ];

    // Offline there is one query with all samples.
    int SamplesPerQuery => load.Scenario == LoadScenario.Offline ? load.Queries : load.SamplesPerQuery;

    int MinQueries => load.Scenario == LoadScenario.Offline ? 1 : load.Queries;

    // What LoadGen's other scenarios expect rather than send: here, what was measured.
    double TargetRate => load.TargetRate ?? answers.Count / LastAnswer;

    long LatencyBound => (long)((load.LatencyBoundSeconds ?? 0) * NanosecondsPerSecond);

    long MinDuration => (long)(load.Seconds * 1000);

    /// <summary>One line per key, in LoadGen's order: what is tested, what was asked for, what holds, and what came out.</summary>
    public string Detail()
    {
        var text = new StringBuilder();
        var (begin, end) = (0.0, LastAnswer * 1000);
        foreach (var (key, value) in Asked())
            Log(begin, key, value);
        foreach (var (key, value) in Results())
            Log(end, key, value);
        return text.ToString();

        void Log(double at, string key, object value) => text.Append(MllogLine.Text("mlperf::logging", at, "POINT_IN_TIME", key, value,
            new { is_error = false, is_warning = false, file = $"{nameof(LoadGenLog)}.cs", line_no = 0, pid = 0, tid = 0 })).Append('\n');
    }

    IEnumerable<(string Key, object Value)> Asked()
    {
        (string, object)[] settings =
        [
            ("scenario", Scenario), ("test_mode", "PerformanceOnly"), ("samples_per_query", SamplesPerQuery), ("target_qps", TargetRate),
            ("target_latency_ns", LatencyBound), ("target_latency_percentile", load.Percentile), ("max_async_queries", 1),
            ("min_duration_ms", MinDuration), ("max_duration_ms", 0), ("min_query_count", MinQueries), ("max_query_count", 0),
            ("min_sample_count", MinQueries * SamplesPerQuery),
            ("qsl_rng_seed", load.Seeds.Set), ("sample_index_rng_seed", load.Seeds.Draw), ("schedule_rng_seed", load.Seeds.Arrival),
            ("accuracy_log_rng_seed", 0), ("performance_sample_count", load.Samples), ("sample_concatenate_permutation", load.EqualIssue == true),
        ];
        return
        [
            ("loadgen_version", "none: MlPerfEdu's own load generator, in LoadGen's format"),
            (LogKeys.Notice, "unverified. Result not verified by MLCommons Association."),
            ("test_datetime", evidence.MeasuredAt), ("sut_name", Name), ("qsl_name", evidence.Data.Dataset),
            ("qsl_reported_total_count", load.Samples), ("qsl_reported_performance_count", load.Samples),
            .. settings.Select(setting => ($"requested_{setting.Item1}", setting.Item2)),
            ("requested_use_token_latencies", BoundsTokens),
            .. settings.Select(setting => ($"effective_{setting.Item1}", setting.Item2)),
            ("effective_accuracy_sample_count", load.Samples),
        ];
    }

    IEnumerable<(string Key, object Value)> Results()
    {
        yield return ("result_validity", IsValid ? "VALID" : "INVALID");
        if (load.Scenario == LoadScenario.Server)
            yield return ("result_perf_constraints_met", LatencyMet);
        yield return ("result_min_duration_met", DurationMet);
        yield return ("result_min_queries_met", QueriesMet);
        yield return ("early_stopping_met", StoppingMet);
        if (load.Scenario != LoadScenario.Offline)
            yield return ("early_stopping_result", Stopping);
        if (Estimate is { } estimate)
            yield return (load.Scenario == LoadScenario.SingleStream ? "early_stopping_latency_ss" : "early_stopping_latency_ms", estimate);
        yield return ("result_query_count", queries.Length);
        switch (load.Scenario)
        {
            case LoadScenario.Server:
                yield return ("result_scheduled_samples_per_sec", Rate(LastScheduled));
                yield return ("result_completed_samples_per_sec", Rate(LastAnswer));
                break;
            case LoadScenario.Offline:
                yield return ("result_samples_per_second", answers.Count / LastAnswer);
                break;
            case LoadScenario.SingleStream:
                yield return ("result_qps_with_loadgen_overhead", Rate(LastScheduled));
                yield return ("result_qps_without_loadgen_overhead", NanosecondsPerSecond / samples.Average());
                break;
        }

        if (load.Scenario == LoadScenario.MultiStream)
        {
            foreach (var line in Latencies("query_latency", "per_query_latency", queries))
                yield return line;
        }

        foreach (var line in Latencies("latency", "latency", samples))
            yield return line;
        if (load.Scenario != LoadScenario.Offline && answers.All(answer => answer.Tokens.Count > 1))
        {
            foreach (var line in Tokens())
                yield return line;
        }

        yield return ("num_errors", 0);
    }

    IEnumerable<(string Key, object Value)> Tokens()
    {
        long[] first = LoadFigures.FirstTokens(answers), each = LoadFigures.PerToken(answers);
        return
        [
            ("result_first_token_min_latency_ns", first[0]), ("result_first_token_max_latency_ns", first[^1]), ("result_first_token_mean_latency_ns", (long)first.Average()),
            .. Percentiles.Select(share => (FormattableString.Invariant($"result_first_token_{share * 100:00.00}_percentile_latency_ns"), (object)Roofline.Load.Percentile.Of(first, share))),
            .. Percentiles.Select(share => (FormattableString.Invariant($"result_time_per_output_token_{share * 100:00.00}_percentile_ns"), (object)Roofline.Load.Percentile.Of(each, share))),
            ("result_time_to_output_token_min", each[0]), ("result_time_to_output_token_max", each[^1]), ("result_time_to_output_token_mean", (long)each.Average()),
        ];
    }

    static IEnumerable<(string Key, object Value)> Latencies(string name, string ofPercentile, long[] sorted) =>
    [
        ($"result_min_{name}_ns", sorted[0]), ($"result_max_{name}_ns", sorted[^1]), ($"result_mean_{name}_ns", (long)sorted.Average()),
        .. Percentiles.Select(share => (FormattableString.Invariant($"result_{share * 100:00.00}_percentile_{ofPercentile}_ns"), (object)Roofline.Load.Percentile.Of(sorted, share))),
    ];
}
