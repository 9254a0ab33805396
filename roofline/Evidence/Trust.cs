namespace MlPerfEdu.Roofline.Evidence;

/// <summary>How far a sidecar can be believed. Each level includes those before it; this is the only list of them.</summary>
public enum TrustLevel
{
    /// <summary>Its text or a hash is not its own.</summary>
    Refused,

    /// <summary>It is the document that was written, or one that somebody edited and sealed again: hashes cannot tell.</summary>
    Sealed,

    /// <summary>Whatever follows from its entry in workloads.yaml and from its own raw facts was derived again, and is what it states.</summary>
    Consistent,

    /// <summary>Its training was repeated, here or by whoever asks, and led to the same losses and scores.</summary>
    Replayed,

    /// <summary>The build that wrote it vouches for it by a signature. Entered by whoever checks that, with <see cref="TrustVerdict.Raised"/>.</summary>
    Attested,
}

/// <summary>What checking one sidecar led to.</summary>
/// <param name="Findings">None where everything that was checked holds.</param>
/// <param name="Claimed">Fields that nothing here could be derived from; only what <see cref="TrustLevel.Replayed"/> covers can be found out.</param>
/// <param name="Limit">Why the level is not a higher one, where that is not for a finding.</param>
public sealed record TrustVerdict(
    string Path, TrustLevel Level, IReadOnlyList<EvidenceFinding> Findings, IReadOnlyList<string> Claimed, string? Limit)
{
    public bool Holds => Findings.Count == 0;

    /// <param name="limit">What keeps a sidecar without findings below consistent; absent when nothing does.</param>
    public static TrustVerdict Of(string path, IReadOnlyList<EvidenceFinding> findings, IReadOnlyList<string> claimed, string? limit) => new(
        path,
        findings.Any(finding => finding.BreaksSeal) ? TrustLevel.Refused
            : findings.Count > 0 || limit is not null ? TrustLevel.Sealed
            : TrustLevel.Consistent,
        findings,
        claimed,
        limit);

    /// <summary>A level is reached from the one before it, or not at all.</summary>
    public TrustVerdict Raised(TrustLevel level) => Holds && Level == level - 1 ? this with { Level = level } : this;
}

public static class TrustNames
{
    public static string Name(this TrustLevel level) => level.ToString().ToLowerInvariant();

    /// <summary>In a few words, for the foot of a table.</summary>
    public static string Meaning(this TrustLevel level) => level switch
    {
        TrustLevel.Refused => "its text or a hash is not its own",
        TrustLevel.Sealed => "its hashes hold, its entry has changed since",
        TrustLevel.Consistent => "what follows from its entry and its raw facts was derived again",
        TrustLevel.Replayed => "its training was repeated and led to the same",
        _ => "the build that wrote it signed it",
    };
}
