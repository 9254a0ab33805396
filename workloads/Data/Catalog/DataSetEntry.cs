namespace MlPerfEdu.Data;

/// <summary>Where the files of a data set can come from.</summary>
public enum DataSetKind
{
    /// <summary>Published files with a public address.</summary>
    Original,

    /// <summary>Cut out of an original; there is no address to fetch it from.</summary>
    Part,

    /// <summary>Placed by the user, who makes them as the note says; no digest can be known beforehand.</summary>
    ByHand,

    /// <summary>Made by a generator of this library.</summary>
    Embedded,
}

/// <summary>One data set of datasets.yaml.</summary>
public sealed record DataSetEntry
{
    public required string Id { get; init; }
    public required string Title { get; init; }
    public required DataSetKind Kind { get; init; }

    /// <summary>Folder below the data folder and below the cache.</summary>
    public required string Folder { get; init; }

    public required IReadOnlyList<DataFile> Files { get; init; }
    public required string License { get; init; }
    public required string Terms { get; init; }
    public required string Cite { get; init; }
    public string? Note { get; init; }

    /// <summary>Samples per split.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>SHA-256 over the samples themselves, whatever they are packed in.</summary>
    public string? ContentsSha256 { get; init; }

    /// <summary>Of an embedded generator.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Where the entry begins in datasets.yaml.</summary>
    public required int Line { get; init; }

    public bool CanBeFetched => Files.Any(f => f.Urls.Count > 0) && Files.All(f => f.Optional || f.Urls.Count > 0);
}

/// <param name="Pins">The versions that are accepted; empty when the file is the user's own.</param>
/// <param name="Urls">In order of preference.</param>
/// <param name="Optional">Checked when present; the data set is complete without it.</param>
public sealed record DataFile(string Name, IReadOnlyList<FilePin> Pins, IReadOnlyList<Uri> Urls, bool Optional)
{
    /// <summary>Of an archive: the files in it that are the data set. Any other archive or folder that holds them serves as well.</summary>
    public IReadOnlyList<HeldFile> Holds { get; init; } = [];
}

/// <summary>A file known by its name and SHA-256 (lower-case hex), whatever it is packed in.</summary>
public sealed record HeldFile(string Name, string Sha256);

/// <summary>The exact size and SHA-256 (lower-case hex) of one published version of a file.</summary>
public sealed record FilePin(long Bytes, string Sha256);
