namespace MlPerfEdu.Roofline.Load;

/// <summary>What is asked of a run under load, and what makes it valid.</summary>
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

    /// <summary>Whose first number orders the set, whose second draws from it, whose third makes the arrivals.</summary>
    public required LoadSeeds Seeds { get; init; }
}

public sealed record LoadSeeds(ulong Set, ulong Draw, ulong Arrival);
