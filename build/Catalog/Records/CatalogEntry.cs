namespace MlPerfEdu.Generator;

/// <summary>What every entry of workloads.yaml has, whether a model is trained or the machine is asked.</summary>
public abstract record CatalogEntry
{
    public required string Id { get; init; }
    public required string Suite { get; init; }

    /// <summary>Expected duration class: quick, standard or long.</summary>
    public required string Tier { get; init; }
    public required Geometry Geometry { get; init; }
    public Budget? Budget { get; init; }
    public string? Provenance { get; init; }
    public string? Note { get; init; }
    public required IReadOnlyList<Erratum> Errata { get; init; }

    /// <summary>The line of the entry's id.</summary>
    public required int Line { get; init; }

    /// <summary>
    /// What must hold, as one JSON line with sorted keys. Left out: what was measured (regime, reference) and prose
    /// (notes, provenance, errata), so neither a new baseline nor a reworded note makes earlier evidence look foreign.
    /// </summary>
    public required string CanonicalText { get; init; }

    /// <summary>SHA-256 of <see cref="CanonicalText"/> in UTF-8, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>What one run may cost.</summary>
public sealed record Budget(double Seconds, double MemoryMb);

/// <summary>A difference from the seed registry: its value, what was wrong with it, and ours.</summary>
public sealed record Erratum(string Field, string SeedValue, string Found, string Ours);
