namespace MlPerfEdu.Generator;

/// <summary>A model that is trained or run on data to a target.</summary>
public sealed record WorkloadEntry : CatalogEntry
{
    public required string Model { get; init; }

    /// <summary>Exact number of trainable parameters.</summary>
    public required long Params { get; init; }
    public required string Scenario { get; init; }
    public required Recipe Recipe { get; init; }

    /// <summary>In order of preference: the first whose data is at hand is used.</summary>
    public required IReadOnlyList<DataChoice> Data { get; init; }

    /// <summary>Largest size of the deployed model, in kilobytes.</summary>
    public double? MaxModelKb { get; init; }

    /// <summary>What was measured, by machine class; empty while there is no baseline.</summary>
    public required IReadOnlyDictionary<string, RegimeBlock> Regimes { get; init; }
    public string? ParamsNote { get; init; }
}
