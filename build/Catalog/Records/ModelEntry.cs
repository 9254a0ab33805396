namespace MlPerfEdu.Generator;

/// <summary>A model whose steps are measured and whose regime has a baseline, whether it is trained or answers queries.</summary>
public abstract record ModelEntry : CatalogEntry
{
    public required string Model { get; init; }

    /// <summary>Exact number of trainable parameters.</summary>
    public required long Params { get; init; }
    public string? ParamsNote { get; init; }
    public required string Scenario { get; init; }

    /// <summary>What was measured, by machine class; empty while there is no baseline.</summary>
    public required IReadOnlyDictionary<string, RegimeBlock> Regimes { get; init; }
}
