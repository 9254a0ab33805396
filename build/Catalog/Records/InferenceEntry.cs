namespace MlPerfEdu.Generator;

/// <summary>A model that answers queries: it has a load and checks, its weights and data are those of the workload that trains it.</summary>
public sealed record InferenceEntry : ModelEntry
{
    /// <summary>The id of the workload that trains the weights.</summary>
    public required string SharedCheckpoint { get; init; }
    public required Load Load { get; init; }

    /// <summary>Bounds on the metrics that it measures.</summary>
    public required IReadOnlyList<QualityTarget> Checks { get; init; }
}

/// <summary>The queries that are sent, for every scenario.</summary>
/// <param name="Queries">Least queries, more where the percentile takes more; offline, the samples of its one query.</param>
/// <param name="Seconds">Least duration of the run.</param>
/// <param name="Samples">Different samples that queries draw from.</param>
/// <param name="SamplesPerQuery">In the multi-stream scenario.</param>
/// <param name="Percentile">Of latency; reported, and bounded in the server scenario.</param>
/// <param name="TargetRate">Mean arrivals per second in the server scenario.</param>
/// <param name="LatencyBoundSeconds">On the percentile in the server scenario.</param>
public sealed record Load(
    int Queries, double Seconds, int Samples, int SamplesPerQuery, double Percentile, double TargetRate, double LatencyBoundSeconds);
