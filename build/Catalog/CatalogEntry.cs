using System.Collections.ObjectModel;

namespace MlPerfEdu.Catalog;

/// <summary>What every entry of workloads.yaml has: a workload, an inference or an experiment.</summary>
public abstract record CatalogEntry
{
    public string Id { get; init; } = "";
    public string Suite { get; init; } = "";

    /// <summary>Duration class: quick, standard or long.</summary>
    public string Tier { get; init; } = "";
    public Geometry Geometry { get; init; } = Geometry.Empty;
    public Budget? Budget { get; init; }
    public string? Provenance { get; init; }
    public string? Note { get; init; }
    public IReadOnlyList<Erratum> Errata { get; init; } = [];

    /// <summary>The line of the entry's id.</summary>
    public int Line { get; init; }

    /// <summary>
    /// The requirements, as one JSON line with sorted keys. Left out: measurements (regime, reference) and prose (notes, provenance,
    /// errata), so that neither a new baseline nor a reworded note makes earlier evidence look foreign.
    /// </summary>
    public string CanonicalText { get; init; } = "";

    /// <summary>SHA-256 of <see cref="CanonicalText"/> in UTF-8, in lower-case hexadecimal.</summary>
    public string Sha256 { get; init; } = "";
}

/// <summary>A model whose steps are measured and whose regime has a baseline, whether it trains or answers queries.</summary>
public abstract record ModelEntry : CatalogEntry
{
    public string Model { get; init; } = "";

    /// <summary>Exact number of trainable parameters.</summary>
    public long Params { get; init; }
    public string? ParamsNote { get; init; }
    public string Scenario { get; init; } = "";

    /// <summary>The measured regime by machine class; empty while there is no baseline.</summary>
    public IReadOnlyDictionary<string, RegimeBlock> Regimes { get; init; } = ReadOnlyDictionary<string, RegimeBlock>.Empty;
}

/// <summary>A model that is trained on data to a target.</summary>
public sealed record WorkloadEntry : ModelEntry
{
    public required Recipe Recipe { get; init; }

    /// <summary>Absent when the entry's recipe is the original's, or when the original's does not meet the target.</summary>
    public ClosedDivision? Closed { get; init; }

    /// <summary>In order of preference: a run uses the first data set that is available.</summary>
    public required IReadOnlyList<DataChoice> Data { get; init; }

    /// <summary>Largest size of the deployed model, in kilobytes.</summary>
    public double? MaxModelKb { get; init; }
}

/// <summary>A model that answers queries; its weights and data are those of the workload that trains it.</summary>
public sealed record InferenceEntry : ModelEntry
{
    /// <summary>The id of the workload that trains the weights.</summary>
    public required string SharedCheckpoint { get; init; }
    public required Load Load { get; init; }

    /// <summary>Bounds on the metrics that it measures.</summary>
    public required IReadOnlyList<QualityTarget> Checks { get; init; }
}

/// <summary>A question about the machine: it has sizes and checks, but neither data nor a recipe.</summary>
public sealed record ExperimentEntry : CatalogEntry
{
    public required string Question { get; init; }

    /// <summary>Bounds on the metrics that it derives.</summary>
    public required IReadOnlyList<QualityTarget> Checks { get; init; }
}

/// <summary>The queries that are sent, for every scenario.</summary>
/// <param name="Queries">Fewest queries, more where the percentile needs more; offline, the samples of its one query.</param>
/// <param name="Seconds">Shortest duration of the run.</param>
/// <param name="Samples">Different samples that queries draw from.</param>
/// <param name="SamplesPerQuery">In the multi-stream scenario.</param>
/// <param name="Percentile">Of latency; reported, and bounded in the server scenario.</param>
/// <param name="TargetRate">Mean arrivals per second in the server scenario.</param>
/// <param name="LatencyBoundSeconds">On the percentile in the server scenario.</param>
public sealed record Load(
    int Queries, double Seconds, int Samples, int SamplesPerQuery, double Percentile, double TargetRate, double LatencyBoundSeconds);

/// <summary>The most that one run may cost.</summary>
public sealed record Budget(double Seconds, double MemoryMb);

/// <summary>A difference from the original registry: its value, what was wrong with it, and ours.</summary>
public sealed record Erratum(string Field, string SeedValue, string Found, string Ours);
