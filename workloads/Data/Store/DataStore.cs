namespace MlPerfEdu.Data;

/// <summary>The environment variables that say where data is and whether it may be fetched.</summary>
/// <param name="DataFolder">MLPERFEDU_DATA: a folder of data sets that is only read.</param>
/// <param name="CacheFolder">Where fetched data is kept; made when first needed.</param>
/// <param name="Offline">MLPERFEDU_OFFLINE=1: nothing is downloaded.</param>
public sealed record DataEnvironment(string? DataFolder, string CacheFolder, bool Offline)
{
    public static DataEnvironment FromProcess() => From(Environment.GetEnvironmentVariable);

    public static DataEnvironment From(Func<string, string?> variable)
    {
        var data = Value("MLPERFEDU_DATA");
        if (data is not null && !Directory.Exists(data)) throw StoreErrors.NoDataFolder(data);
        var home = Value("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = Value("MLPERFEDU_CACHE") ?? Path.Combine(Value("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "mlperfedu");
        var offline = Value("MLPERFEDU_OFFLINE") is not (null or "0" or "false");
        return new(data is null ? null : Path.GetFullPath(data), Path.GetFullPath(Path.Combine(cache, "data")), offline);

        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }
}

/// <summary>The outcome of checking one file; no problem means that its bytes are the pinned ones.</summary>
public sealed record FileReport(string Path, string Sha256, DataException? Problem);

/// <summary>Finds data sets: first in MLPERFEDU_DATA, then in the cache. Only <see cref="FetchAsync"/> downloads.</summary>
public sealed class DataStore
{
    readonly DataEnvironment environment;
    readonly (string Folder, DataOrigin Origin)[] roots;

    DataStore(DataEnvironment environment, DataCatalog catalog, CancellationToken stop)
    {
        (this.environment, Catalog, Stop) = (environment, catalog, stop);
        (string, DataOrigin) cache = (environment.CacheFolder, DataOrigin.Cache);
        roots = environment.DataFolder is { } own ? [(own, DataOrigin.DataFolder), cache] : [cache];
    }

    public DataCatalog Catalog { get; }

    /// <summary>Checked while files are verified, read, or made, and while samples are turned into something else.</summary>
    public CancellationToken Stop { get; }

    public static DataStore Open(DataEnvironment? environment = null, DataCatalog? catalog = null, CancellationToken stop = default) =>
        new(environment ?? DataEnvironment.FromProcess(), catalog ?? DataCatalog.BuiltIn, stop);

    /// <summary>Looks without downloading. Every file found is checked by size and SHA-256.</summary>
    /// <exception cref="DataException">When a file is there but its bytes are not the pinned ones.</exception>
    public DataResolution Resolve(string id)
    {
        var entry = Catalog[id];
        if (entry.Kind == DataSetKind.Embedded) return new(entry, DataOrigin.Embedded, [], "") { Stop = Stop };
        var looked = new List<string>();
        foreach (var (root, origin) in roots)
        {
            var missing = Missing(entry, root);
            if (missing.Count == 0)
                return new(entry, origin, [.. Placed(entry, root).SelectMany(file => Check(file.File, file.Place, origin))], "") { Stop = Stop };
            looked.Add($"{Path.Combine(root, entry.Folder)} lacks {string.Join(", ", missing)}");
        }
        return new(entry, DataOrigin.None, [], $"{string.Join("; ", looked)}. {Advice(entry)}");
    }

    /// <summary>Downloads what is missing or damaged into the cache, unless MLPERFEDU_DATA has the data set, and looks again.</summary>
    public async Task<DataResolution> FetchAsync(
        string id, Fetcher fetcher, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        var entry = Catalog[id];
        if (entry.Kind == DataSetKind.Embedded || environment.DataFolder is { } own && Missing(entry, own).Count == 0) return Resolve(id);
        if (!entry.CanBeFetched) throw FetchErrors.NoSource(id);
        if (environment.Offline) throw FetchErrors.Offline(id);
        foreach (var file in entry.Files.Where(f => f.Urls.Count > 0))
            await fetcher.FetchAsync(file, Path.Combine(environment.CacheFolder, entry.Folder, file.Name), progress, cancel);
        return Resolve(id);
    }

    /// <summary>Checks every file in MLPERFEDU_DATA and in the cache, and continues past wrong ones.</summary>
    public IReadOnlyList<FileReport> Verify(string id) =>
    [
        .. from root in roots
           from file in Placed(Catalog[id], root.Folder)
           from report in Reports(file.File, file.Place, root.Origin)
           select report,
    ];

    IReadOnlyList<FileReport> Reports(DataFile file, string place, DataOrigin origin)
    {
        try
        {
            return [.. Check(file, place, origin).Select(resolved => new FileReport(resolved.Path, resolved.Sha256, null))];
        }
        catch (DataException e)
        {
            return [new(place, "", e)];
        }
    }

    static List<string> Missing(DataSetEntry entry, string root) =>
        [.. entry.Files.Where(f => !f.Optional && Place(entry, f, root) is null).Select(f => f.Holds.Count == 0
            ? f.Name
            : $"{f.Name} (or any archive or folder with {string.Join(", ", f.Holds.Select(held => held.Name))})")];

    static IEnumerable<(DataFile File, string Place)> Placed(DataSetEntry entry, string root) =>
        from file in entry.Files
        let place = Place(entry, file, root)
        where place is not null
        select (file, place);

    static string? Place(DataSetEntry entry, DataFile file, string root)
    {
        if (file.Holds.Count > 0) return HeldFiles.Place(file, entry.Folder, root);
        var path = Path.Combine(root, entry.Folder, file.Name);
        return File.Exists(path) ? path : null;
    }

    IEnumerable<ResolvedFile> Check(DataFile file, string place, DataOrigin origin) =>
        file.Holds.Count == 0 ? [FileCheck.Verify(file, place, origin, Stop)] : HeldFiles.Verify(file, place, origin);

    string Advice(DataSetEntry entry) => entry switch
    {
        { CanBeFetched: true } when environment.Offline => "MLPERFEDU_OFFLINE forbids downloading: unset it, or copy the files there.",
        { CanBeFetched: true } => $"Fetch it with `data fetch {entry.Id}`, or copy the files there.",
        _ => "It cannot be downloaded: copy the files there.",
    };
}

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
