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

    /// <summary>The line of its budget, or of its id without one.</summary>
    public int BudgetLine { get; init; }

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

    /// <summary>The id of the workload whose weights, trained on the same data, it begins with; absent: it trains everything itself.</summary>
    public string? SharedCheckpoint { get; init; }
}

/// <summary>A model that answers queries; its weights and data are those of the workload that trains it.</summary>
public sealed record InferenceEntry : ModelEntry
{
    /// <summary>The id of the workload that trains the weights.</summary>
    public required string SharedCheckpoint { get; init; }

    /// <summary>Of products; bf16 only where the processor has it, fp32 otherwise.</summary>
    public Precision Precision { get; init; }
    public required Load Load { get; init; }

    /// <summary>Bounds on the metrics that it measures.</summary>
    public required IReadOnlyList<QualityTarget> Checks { get; init; }
}

/// <summary>A question about the machine: it has sizes and checks, but neither data nor a recipe.</summary>
public sealed record ExperimentEntry : CatalogEntry
{
    public required string Question { get; init; }

    /// <summary>Of products; bf16 only where the processor has it, fp32 otherwise.</summary>
    public Precision Precision { get; init; }

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
    int Queries, double Seconds, int Samples, int SamplesPerQuery, double Percentile, double TargetRate, double LatencyBoundSeconds)
{
    /// <summary>On the percentile of time to the first token in the server scenario; this or the next one stands instead of the bound on latency.</summary>
    public double? FirstTokenBoundSeconds { get; init; }

    /// <summary>On the percentile of time per output token in the server scenario.</summary>
    public double? PerTokenBoundSeconds { get; init; }

    /// <summary>Whether every sample is asked equally often; absent: each is drawn by itself.</summary>
    public bool? EqualIssue { get; init; }
}

/// <summary>A difference from the original registry: its value, what was wrong with it, and ours.</summary>
public sealed record Erratum(string Field, string SeedValue, string Found, string Ours);

/// <summary>A data set that a workload can run on, and what must be reached on it.</summary>
public sealed record DataChoice
{
    public required string Dataset { get; init; }

    /// <summary>real, part, proxy or embedded.</summary>
    public required string Tier { get; init; }
    public required QualityTarget QualityTarget { get; init; }

    /// <summary>Further bounds that must hold together with the target.</summary>
    public required IReadOnlyList<QualityTarget> Also { get; init; }

    /// <summary>The entry's recipe with this item's overrides applied.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Whether <see cref="Recipe"/> differs from the entry's.</summary>
    public required bool OverridesRecipe { get; init; }
    public Reference? Reference { get; init; }
    public string? Note { get; init; }
    public required int Line { get; init; }
}

/// <summary>What the targets were set from: one value, and perhaps one time to target and the samples to it, per seed.</summary>
public sealed record Reference(IReadOnlyList<long> Seeds, IReadOnlyList<double> Values, IReadOnlyList<double> Seconds, IReadOnlyList<long> Samples);

public sealed record Recipe
{
    /// <summary>closed: the original's recipe; open: another that meets the same target with the same model and data.</summary>
    public required string Division { get; init; }

    /// <summary>adamw, adam, sgd, or muon, which leaves all but the weights of linear layers to adamw.</summary>
    public required string Optimizer { get; init; }
    public required double LearningRate { get; init; }

    /// <summary>Of the matrices, only for muon: how far their numbers move in a step, on average.</summary>
    public double? MatrixLearningRate { get; init; }
    public required double WeightDecay { get; init; }

    /// <summary>Of products; bf16 only where the processor has it, fp32 otherwise. The closed division is fp32.</summary>
    public Precision Precision { get; init; }

    /// <summary>Decay rates of Adam's two moments; zero for sgd.</summary>
    public required Betas Betas { get; init; }

    /// <summary>Zero for sgd.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Only for sgd and muon.</summary>
    public double? Momentum { get; init; }

    /// <summary>constant, cosine or linear.</summary>
    public required string Schedule { get; init; }

    /// <summary>The last learning rate over the first; 1 for a constant schedule.</summary>
    public required double FinalLearningRateFraction { get; init; }
    public int? WarmupSteps { get; init; }

    /// <summary>Largest gradient norm; 0: no clipping.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>Probability that an activation is dropped in training; absent: no dropout.</summary>
    public double? Dropout { get; init; }

    /// <summary>Discount factor of later rewards; absent: 1.</summary>
    public double? Discount { get; init; }

    /// <summary>Standard deviation of the position vectors, which start as waves; absent: they start at random, as the model has it.</summary>
    public double? SinusoidalPositions { get; init; }

    /// <summary>Layers that train alone at first; absent: all train from the start.</summary>
    public int? ShallowLayers { get; init; }

    /// <summary>The share of the steps that only <see cref="ShallowLayers"/> take part in.</summary>
    public double? ShallowShare { get; init; }
    public required int Batch { get; init; }
    public required int Epochs { get; init; }
    public required int BatchesPerEpoch { get; init; }

    /// <summary>Batches between two evaluations; absent: one evaluation per epoch.</summary>
    public int? EvalEvery { get; init; }

    /// <summary>Batches between checks on validation data that pick the weights to evaluate; absent: the final weights.</summary>
    public int? SelectEvery { get; init; }

    /// <summary>The epoch whose scores count: last or best; absent: the last.</summary>
    public string? KeptEpoch { get; init; }
}

public readonly record struct Betas(double First, double Second);

/// <summary>The original's recipe, for an entry trained by a faster one.</summary>
/// <param name="Recipe">The entry's recipe with the original's values where they differ.</param>
/// <param name="Reference">What it reached on the entry's first data set.</param>
public sealed record ClosedDivision(Recipe Recipe, Reference? Reference);
