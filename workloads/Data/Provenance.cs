namespace MlPerfEdu.Data;

/// <summary>One input and the SHA-256 (lower-case hex) that was found, not the one that was hoped for.</summary>
public sealed record FileDigest(string Name, string Sha256);

/// <summary>Where samples came from, in the words that evidence repeats.</summary>
/// <param name="DataSet">The id in datasets.yaml.</param>
/// <param name="Statement">One sentence for a person: what was taken, and what it stands for when it is not the real thing.</param>
public sealed record Provenance(string DataSet, DataTier Tier, IReadOnlyList<FileDigest> Files, string Statement);
