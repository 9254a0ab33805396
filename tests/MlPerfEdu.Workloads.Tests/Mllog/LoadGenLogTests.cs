using System.Globalization;
using System.Text.Json;
using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Workloads.Tests.Cli;
using MlPerfEdu.Workloads.Tests.LoadGen;

namespace MlPerfEdu.Workloads.Tests.Mllog;

public class LoadGenLogTests
{
    static readonly InferenceEntry Entry = (InferenceEntry)ThisClone.Model("nanogpt-decode");

    /// <summary>Ids of models whose run under load is committed.</summary>
    internal static TheoryData<string> CommittedRuns => [.. ThisClone.Catalog.Models.OfType<InferenceEntry>().Where(entry => entry.Regimes.Count > 0).Select(entry => entry.Id)];

    internal static LoadGenLog OfCommitted(string id)
    {
        var entry = (InferenceEntry)ThisClone.Model(id);
        return new LoadGenLog(EvidenceFile.Read(Path.Combine(ThisClone.Repository.Root, entry.Regimes.Values.First().EvidenceSidecar)), entry);
    }

    /// <summary>A run whose answers take five milliseconds and one more each.</summary>
    internal static LoadGenLog Of(LoadScenario scenario, Func<LoadSettings, LoadSettings>? change = null)
    {
        var settings = Loads.Of(scenario);
        // At the usual 500 queries a second they would pile up.
        if (scenario == LoadScenario.Server)
            settings = settings with { TargetRate = 50 };
        if (change is not null)
            settings = change(settings);
        var (answers, _) = Loads.Run(settings, 5 * Loads.Millisecond, Loads.Millisecond);
        return new LoadGenLog(SampleEvidence.Of(Entry, "2026-01-31T12-00-00Z") with { Serving = new ServingRecord(settings, answers) }, Entry);
    }

    [Theory]
    [InlineData(LoadScenario.SingleStream, "90.0th percentile latency (ns) : ")]
    [InlineData(LoadScenario.MultiStream, "90.0th percentile latency (ns) : ")]
    [InlineData(LoadScenario.Server, "Completed samples per second    : ")]
    [InlineData(LoadScenario.Offline, "Samples per second: ")]
    public void The_summary_has_the_lines_that_other_tools_look_for(LoadScenario scenario, string result)
    {
        var lines = Of(scenario).Summary().Split('\n');
        Assert.Contains($"Scenario : {scenario}", lines);
        Assert.Contains("Mode     : PerformanceOnly", lines);
        Assert.Contains("Result is : VALID", lines);
        Assert.Single(lines, line => line.StartsWith(result, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("unverified"));
        Assert.Contains("No errors encountered during test.", lines);
    }

    [Theory]
    [InlineData(LoadScenario.SingleStream, "early_stopping_latency_ss")]
    [InlineData(LoadScenario.MultiStream, "early_stopping_latency_ms")]
    [InlineData(LoadScenario.Server, "result_completed_samples_per_sec")]
    [InlineData(LoadScenario.Offline, "result_samples_per_second")]
    public void The_detail_has_each_key_once_and_all_that_the_submission_checker_reads(LoadScenario scenario, string result)
    {
        var values = Detail(Of(scenario));
        string[] read =
        [
            "effective_scenario", "effective_qsl_rng_seed", "effective_sample_index_rng_seed", "effective_schedule_rng_seed", "effective_min_duration_ms",
            "effective_min_query_count", "effective_performance_sample_count", "effective_accuracy_sample_count", "effective_samples_per_query",
            "effective_target_latency_ns", "effective_sample_concatenate_permutation", "requested_use_token_latencies", "qsl_reported_total_count", "sut_name",
            "result_validity", "result_query_count", "result_mean_latency_ns", "result_99.00_percentile_latency_ns", "early_stopping_met", "num_errors", result,
        ];
        Assert.Empty(read.Except(values.Keys));
        Assert.Equal(scenario.ToString(), values["effective_scenario"].GetString());
        Assert.Equal(2085463073848966840UL, values["effective_qsl_rng_seed"].GetUInt64());
    }

    [Fact]
    public void A_server_that_is_too_slow_is_invalid_and_says_why()
    {
        var log = Of(LoadScenario.Server, load => load with { LatencyBoundSeconds = 1e-4 });
        Assert.Contains("Result is : INVALID\n  Performance constraints satisfied : NO", log.Summary());
        Assert.Contains(" * load: latency: ", log.Summary());
        Assert.Equal("INVALID", Detail(log)["result_validity"].GetString());
        Assert.False(Detail(log)["early_stopping_met"].GetBoolean());
    }

    [Fact]
    public void Committed_runs_can_be_written_so()
    {
        Assert.NotEmpty(CommittedRuns);
        foreach (var log in ThisClone.Catalog.Models.OfType<InferenceEntry>().Where(entry => entry.Regimes.Count > 0).Select(entry => OfCommitted(entry.Id)))
            Assert.Equal(Detail(log)["result_validity"].GetString() == "VALID", log.Summary().Contains("Result is : VALID"));
    }

    [Fact]
    public void Figures_are_those_of_the_answers()
    {
        var values = Detail(Of(LoadScenario.SingleStream));
        Assert.Equal(6 * Loads.Millisecond, values["result_mean_latency_ns"].GetInt64());
        Assert.Equal(6 * Loads.Millisecond, values["result_99.90_percentile_latency_ns"].GetInt64());
        Assert.Equal(100, values["result_query_count"].GetInt32());
        Assert.Equal(1e9 / 6e6, values["result_qps_without_loadgen_overhead"].GetDouble(), 9);
    }

    [Fact]
    public void Numbers_have_a_decimal_point_everywhere()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = german;
            Assert.Matches(@"Scheduled samples per second : \d+\.\d\d\n", Of(LoadScenario.Server).Summary());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    static Dictionary<string, JsonElement> Detail(LoadGenLog log) => log.Detail().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line[MllogLine.Token.Length..]).RootElement)
        .ToDictionary(line => line.GetProperty("key").GetString()!, line => line.GetProperty("value"));
}
