namespace MlPerfEdu.Catalog;

/// <summary>How a workload is trained.</summary>
public sealed record Recipe
{
    /// <summary>closed: the original's recipe; open: another that meets the same target with the same model and data.</summary>
    public required string Division { get; init; }

    /// <summary>adamw, adam or sgd.</summary>
    public required string Optimizer { get; init; }
    public required double LearningRate { get; init; }
    public required double WeightDecay { get; init; }

    /// <summary>Decay rates of Adam's two moments; zero for sgd.</summary>
    public required Betas Betas { get; init; }

    /// <summary>Zero for sgd.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Only for sgd.</summary>
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
