namespace MlPerfEdu.Generator;

/// <summary>A question to the machine: it has sizes and checks, but neither data nor a recipe.</summary>
public sealed record ExperimentEntry : CatalogEntry
{
    /// <summary>What it finds out, in words.</summary>
    public required string Question { get; init; }

    /// <summary>Bounds on the metrics that it derives.</summary>
    public required IReadOnlyList<QualityTarget> Checks { get; init; }
}
