namespace MlPerfEdu.Generator;

/// <summary>How a workload is trained.</summary>
public sealed record Recipe
{
    /// <summary>closed: the original's recipe; open: another that meets the same target with the same model and data.</summary>
    public required string Division { get; init; }

    /// <summary>adamw, adam or sgd.</summary>
    public required string Optimizer { get; init; }
    public required double LearningRate { get; init; }
    public required double WeightDecay { get; init; }

    /// <summary>Decay rates of the two moments; zero for sgd.</summary>
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

    /// <summary>Largest gradient norm; 0 clips nothing.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>Chance that an activation is left out of a training step; without it, none is.</summary>
    public double? Dropout { get; init; }

    /// <summary>What a reward one action later is worth; without it, as much as one now.</summary>
    public double? Discount { get; init; }
    public required int Batch { get; init; }
    public required int Epochs { get; init; }
    public required int BatchesPerEpoch { get; init; }

    /// <summary>Batches between two evaluations; without it, one evaluation per epoch.</summary>
    public int? EvalEvery { get; init; }

    /// <summary>Batches between two looks at validation data that choose what is evaluated; without it, what is there at the end.</summary>
    public int? SelectEvery { get; init; }

    /// <summary>Whose scores count, last or best; without it, the last epoch's.</summary>
    public string? KeptEpoch { get; init; }
}

public readonly record struct Betas(double First, double Second);

/// <summary>The original's recipe, for an entry that a faster one trains.</summary>
/// <param name="Recipe">The entry's recipe with what the original has otherwise.</param>
/// <param name="Reference">What it reached on the entry's first data set.</param>
public sealed record ClosedDivision(Recipe Recipe, Reference? Reference);
