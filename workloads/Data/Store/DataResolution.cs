namespace MlPerfEdu.Data;

public enum DataOrigin
{
    None,       // nowhere: the reason says where it was looked for
    DataFolder, // the folder that MLPERFEDU_DATA names
    Cache,
    Embedded,   // generated on the spot
}

/// <summary>A file whose size and SHA-256 were just checked.</summary>
/// <param name="Path">Of the file, or of the archive that it lies in.</param>
/// <param name="Pinned">False for a user's own file, which has no digest to compare with.</param>
public sealed record ResolvedFile(string Name, string Path, long Bytes, string Sha256, bool Pinned);

/// <summary>Whether a data set is at hand, and exactly which bytes.</summary>
/// <param name="Reason">Why not; empty when it is.</param>
public sealed record DataResolution(DataSetEntry Entry, DataOrigin Origin, IReadOnlyList<ResolvedFile> Files, string Reason)
{
    /// <summary>Checked while the samples are read or made.</summary>
    public CancellationToken Stop { get; init; }

    public bool Available => Origin != DataOrigin.None;

    /// <summary>What the samples are made from; of a generated data set, what it has to become.</summary>
    public IReadOnlyList<FileDigest> Digests => Entry.Kind == DataSetKind.Embedded
        ? [new(Generators.Contents, Entry.ContentsSha256 ?? "")]
        : [.. Files.Select(f => new FileDigest(f.Name, f.Sha256))];

    /// <summary>The path of a file by its name.</summary>
    public string this[string name] => Find(name).Path;

    public string? Optional(string name) => Files.FirstOrDefault(f => f.Name == name)?.Path;

    /// <summary>The bytes of a file by its name, out of the archive where it lies in one.</summary>
    public byte[] Read(string name) => HeldFiles.Read(Find(name));

    /// <exception cref="DataException">When the data set is not at hand.</exception>
    public DataResolution OrThrow() => Available ? this : throw StoreErrors.NotAvailable(Entry.Id, Reason);
    public Provenance Provenance(DataTier tier, string statement) => new(Entry.Id, tier, Digests, statement);

    ResolvedFile Find(string name) => Files.FirstOrDefault(f => f.Name == name)
        ?? throw StoreErrors.NotAvailable(Entry.Id, Available ? $"it has no file '{name}'." : Reason);
}
