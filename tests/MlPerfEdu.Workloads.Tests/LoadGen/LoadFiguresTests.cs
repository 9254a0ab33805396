using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

public class LoadFiguresTests
{
    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(0.9, 9)]
    [InlineData(0.99, 9)]
    public void A_percentile_is_the_value_at_the_truncated_position(double share, long expected) =>
        Assert.Equal(expected, Percentile.Of([.. Enumerable.Range(0, 10).Select(i => (long)i)], share));

    [Fact]
    public void The_first_token_counts_from_the_schedule_and_the_others_from_the_one_before()
    {
        var settings = Loads.Of(LoadScenario.SingleStream);
        var figures = LoadFigures.Of(settings, [Loads.Answered(0, 2_000_000_000, 7_000_000_000, 8_000_000_000, 10_000_000_000)]);
        Assert.Equal(5, figures["time_to_first_token_p50"]);
        Assert.Equal(2, figures["between_tokens_p99"]);
        Assert.Equal(8, figures["latency_p50"]);
        Assert.Equal(0.3, figures["tokens_per_second"], 12);
    }

    [Fact]
    public void Offline_percentiles_are_those_of_samples()
    {
        var figures = LoadFigures.Of(Loads.Of(LoadScenario.Offline), [.. new[] { 1, 2, 3, 4 }.Select(s => Loads.Answered(0, 0, s * Loads.Second))]);
        Assert.Equal((3, 4, 1), (figures["latency_p50"], figures["latency_p90"], figures["latency_min"]));
    }

    [Fact]
    public void Time_per_output_token_is_that_of_whole_answers_and_not_of_pooled_gaps()
    {
        AnsweredSample[] answers =
        [
            Loads.Answered(0, 0, Loads.Second, 11 * Loads.Second),
            Loads.Answered(1, 0, [.. Enumerable.Range(1, 21).Select(s => s * Loads.Second)]),
        ];
        var figures = LoadFigures.Of(Loads.Of(LoadScenario.SingleStream), answers);
        Assert.Equal((10, 1), (figures["time_per_output_token_p50"], figures["time_per_output_token_min"]));
        Assert.Equal(1, figures["between_tokens_p50"]);
    }

    [Fact]
    public void The_rate_of_a_server_leaves_out_its_last_query()
    {
        AnsweredSample[] answers = [.. Enumerable.Range(0, 5).Select(i => Loads.Answered(i, i * Loads.Second, (i + 1) * Loads.Second))];
        Assert.Equal(4.0 / 5, LoadFigures.Of(Loads.Of(LoadScenario.Server), answers)["samples_per_second"]);
        Assert.Equal(1, LoadFigures.Of(Loads.Of(LoadScenario.SingleStream), answers)["samples_per_second"]);
    }

    [Fact]
    public void Runs_from_before_keep_their_figures()
    {
        var before = Loads.Of(LoadScenario.Offline) with { Rules = null };
        var figures = LoadFigures.Of(before, [.. new[] { 1, 2, 3, 4 }.Select(s => Loads.Answered(0, 0, s * Loads.Second))]);
        Assert.Equal(4, figures["latency_p50"]);
        Assert.Equal(["latency_mean", "latency_p50", "latency_p90", "latency_p99", "queries", "samples", "samples_per_second", "seconds"], figures.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>1.001 × 10⁹ is a little less than 1,001,000,000 in floating point.</summary>
    [Fact]
    public void A_latency_that_is_exactly_the_bound_holds_it()
    {
        var settings = Loads.Of(LoadScenario.Server) with { Queries = 1, LatencyBoundSeconds = 1.001 };
        Assert.Null(Missed(settings, [.. Enumerable.Range(0, 44).Select(i => Loads.Answered(i, 0, 1_001_000_000))]));
        Assert.Equal("load: latency, load: early stopping", Missed(settings, [.. Enumerable.Range(0, 44).Select(i => Loads.Answered(i, 0, 1_001_000_001))]));
    }

    [Theory]
    [InlineData(0.5, 0.1, null)]
    [InlineData(0.4, 0.1, "load: first token, load: early stopping by first token")]
    [InlineData(0.5, 0.09, "load: time per token, load: early stopping by time per token")]
    public void Bounds_on_tokens_stand_instead_of_the_one_on_latency(double first, double each, string? missed)
    {
        var settings = Loads.Of(LoadScenario.Server) with { Queries = 1, LatencyBoundSeconds = 0.01, FirstTokenBoundSeconds = first, PerTokenBoundSeconds = each };
        long[] tokens = [.. Enumerable.Range(0, 9).Select(i => (500 + 100 * i) * Loads.Millisecond)];
        Assert.Equal(missed, Missed(settings, [.. Enumerable.Range(0, 44).Select(i => Loads.Answered(i, 0, tokens))]));
    }

    [Fact]
    public void A_bound_on_time_per_token_needs_answers_with_several()
    {
        var settings = Loads.Of(LoadScenario.Server) with { Queries = 1, PerTokenBoundSeconds = 1 };
        Assert.Equal("load: time per token", Missed(settings, [Loads.Answered(0, 0, 5)]));
    }

    [Fact]
    public void Answers_without_tokens_have_no_times_between_them() =>
        Assert.DoesNotContain("between_tokens_p50", LoadFigures.Of(Loads.Of(LoadScenario.SingleStream), [Loads.Answered(0, 0, 5)]).Keys);

    [Fact]
    public void A_server_within_its_bound_is_valid_from_44_queries_on()
    {
        Assert.Equal("load: early stopping", Missed(LoadScenario.Server, queries: 43, slow: 0));
        Assert.Null(Missed(LoadScenario.Server, queries: 44, slow: 0));
    }

    [Fact]
    public void A_server_with_a_slow_query_needs_more_of_them()
    {
        Assert.Equal("load: early stopping", Missed(LoadScenario.Server, queries: 63, slow: 1));
        Assert.Null(Missed(LoadScenario.Server, queries: 64, slow: 1));
    }

    [Fact]
    public void A_server_over_its_bound_is_not_valid() =>
        Assert.Equal("load: latency, load: early stopping", Missed(LoadScenario.Server, queries: 100, slow: 11));

    [Fact]
    public void A_stream_needs_enough_queries_for_its_estimate()
    {
        Assert.Equal("load: early stopping", Missed(LoadScenario.SingleStream, queries: 63, slow: 63));
        Assert.Null(Missed(LoadScenario.SingleStream, queries: 64, slow: 64));
    }

    [Fact]
    public void Too_few_queries_or_seconds_are_not_valid()
    {
        var settings = Loads.Of(LoadScenario.Offline) with { Queries = 2, Seconds = 1 };
        Assert.Equal("load: queries, load: duration", Missed(settings, [Loads.Answered(0, 0, 5)]));
        Assert.Null(Missed(settings, [Loads.Answered(0, 0, 5), Loads.Answered(0, 0, 1_000_000_000)]));
    }

    static string? Missed(LoadScenario scenario, int queries, int slow) => Missed(
        Loads.Of(scenario) with { Queries = 1 },
        [.. Enumerable.Range(0, queries).Select(i => Loads.Answered(i, 0, (i < slow ? 200 : 50) * Loads.Millisecond))]);

    static string? Missed(LoadSettings settings, IReadOnlyList<AnsweredSample> answers) =>
        LoadValidity.Lines(settings, answers).Where(line => !line.Met).Select(line => line.Constraint).ToArray() is { Length: > 0 } missed
            ? string.Join(", ", missed)
            : null;
}
