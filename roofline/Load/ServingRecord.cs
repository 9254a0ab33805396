using System.Text.Json;

namespace MlPerfEdu.Roofline.Load;

/// <summary>A run under load: its settings, and when every answer came.</summary>
public sealed record ServingRecord(LoadSettings Load, IReadOnlyList<AnsweredSample> Answers)
{
    /// <summary>Whether figures can follow from it.</summary>
    [JsonIgnore]
    public bool IsWhole => Answers.Count > 0 && Answers.All(answer => answer.Tokens.Count > 0) && Load.Percentile is > 0 and < 1;
}

/// <summary>The load of a run, and what makes the run valid.</summary>
public sealed record LoadSettings
{
    public required LoadScenario Scenario { get; init; }

    /// <summary>Least queries; offline, the samples of its one query.</summary>
    public required int Queries { get; init; }

    /// <summary>Least seconds from the first query to the last one issued (server: scheduled; offline: answered).</summary>
    public required double Seconds { get; init; }

    /// <summary>Different samples that queries draw from.</summary>
    public required int Samples { get; init; }

    /// <summary>Of a query: 1, except in the multi-stream scenario.</summary>
    public required int SamplesPerQuery { get; init; }

    /// <summary>The percentile of latency that is reported and, in the server scenario, bounded.</summary>
    public required double Percentile { get; init; }

    /// <summary>Mean arrivals per second; only in the server scenario.</summary>
    public required double? TargetRate { get; init; }

    /// <summary>On the percentile of latency; only in the server scenario.</summary>
    public required double? LatencyBoundSeconds { get; init; }

    /// <summary>On the percentile of time to the first token; with the next one, instead of a bound on the whole latency.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FirstTokenBoundSeconds { get; init; }

    /// <summary>On the percentile of time per output token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PerTokenBoundSeconds { get; init; }

    /// <summary>Every sample equally often, in orders drawn anew; absent: each drawn by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? EqualIssue { get; init; }

    /// <summary>How figures follow from the answers; absent in runs from before <see cref="LatestRules"/>, whose figures were fewer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rules { get; init; }

    /// <summary>Offline, latencies are those of samples; the rate of a server leaves out the last query, as LoadGen's does.</summary>
    public const int LatestRules = 2;

    [JsonIgnore]
    internal bool BoundsTokens => FirstTokenBoundSeconds is not null || PerTokenBoundSeconds is not null;

    /// <summary>The first orders the set, the second draws from it, the third makes the arrivals.</summary>
    public required LoadSeeds Seeds { get; init; }
}

public sealed record LoadSeeds(ulong Set, ulong Draw, ulong Arrival);

/// <summary>How queries arrive, as in MLPerf's LoadGen.</summary>
public enum LoadScenario
{
    /// <summary>One sample; the next when it is answered.</summary>
    SingleStream,

    /// <summary>Several neighbouring samples; the next query when all are answered.</summary>
    MultiStream,

    /// <summary>One sample, at random times of a given mean rate, whether or not the one before is answered.</summary>
    Server,

    /// <summary>All samples at once.</summary>
    Offline,
}

/// <summary>The scenarios as workloads.yaml and the command line spell them.</summary>
public static class ScenarioNames
{
    public static string Name(this LoadScenario scenario) => JsonNamingPolicy.SnakeCaseLower.ConvertName(scenario.ToString());
    public static LoadScenario Parse(string name) => Enum.GetValues<LoadScenario>().Single(scenario => scenario.Name() == name);
}

/// <summary>What happened to one sample, in nanoseconds since the run began.</summary>
/// <param name="Query">Counts from 0.</param>
/// <param name="Sample">Which of the set.</param>
/// <param name="Scheduled">When its query was due, however late it was issued.</param>
/// <param name="Tokens">When each token was ready, the last being the whole answer; one moment for an answer without tokens.</param>
public sealed record AnsweredSample(int Query, int Sample, long Scheduled, IReadOnlyList<long> Tokens)
{
    /// <summary>When it was sent; absent in runs from before somebody else sent queries while others were answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Issued { get; init; }

    [JsonIgnore]
    public long Completed => Tokens[^1];

    [JsonIgnore]
    public long Latency => Completed - Scheduled;

    [JsonIgnore]
    public long ToFirstToken => Tokens[0] - Scheduled;

    /// <summary>The mean time from one token to the next; absent where there is only one.</summary>
    [JsonIgnore]
    public long? PerToken => Tokens.Count > 1 ? (Completed - Tokens[0]) / (Tokens.Count - 1) : null;
}
