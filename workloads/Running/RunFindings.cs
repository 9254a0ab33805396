using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Workloads.Checkpoints;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What a run adds to what is known of its entry, its software and its machine.</summary>
sealed record RunFindings
{
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required DataUse Data { get; init; }

    public required QualityRecord Quality { get; init; }

    public ServingRecord? Serving { get; init; }

    public required string TrajectorySha256 { get; init; }

    public required CostRecord Cost { get; init; }

    public required IReadOnlyList<ValidityLine> Validity { get; init; }

    /// <summary>Of a training that met its target, where they could be kept.</summary>
    public KeptWeights? Weights { get; init; }
}

/// <summary>Weights that are kept as soon as the evidence of their training is.</summary>
sealed record KeptWeights(CheckpointKey Key, string Sha256);
