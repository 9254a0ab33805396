namespace MlPerfEdu.Catalog;

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

/// <summary>What the targets were set from: one value, and perhaps one time to target, per seed.</summary>
public sealed record Reference(IReadOnlyList<long> Seeds, IReadOnlyList<double> Values, IReadOnlyList<double> Seconds);
