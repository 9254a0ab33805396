namespace MlPerfEdu.Data;

/// <summary>Where samples came from, in the words that evidence repeats.</summary>
/// <param name="DataSet">The id in datasets.yaml.</param>
/// <param name="Statement">One sentence for a person: what was taken, and what it stands for when it is not the real thing.</param>
public sealed record Provenance(string DataSet, DataTier Tier, IReadOnlyList<FileDigest> Files, string Statement);

/// <summary>One input and its SHA-256 (lower-case hex) as computed, not as pinned.</summary>
public sealed record FileDigest(string Name, string Sha256);

/// <summary>How close data is to what a workload's real target was stated for.</summary>
public enum DataTier
{
    /// <summary>The original data set, whole.</summary>
    Real,

    /// <summary>Original samples, but not all of them.</summary>
    Part,

    /// <summary>Another data set in place of the one that is meant.</summary>
    Proxy,

    /// <summary>Made by a generator of this library.</summary>
    Embedded,
}
