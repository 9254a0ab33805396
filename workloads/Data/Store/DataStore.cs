namespace MlPerfEdu.Data;

/// <summary>Finds data sets: first in MLPERFEDU_DATA, then in the cache. Downloading is asked for separately.</summary>
public sealed class DataStore
{
    readonly DataEnvironment _environment;

    DataStore(DataEnvironment environment, DataCatalog catalog, CancellationToken stop) => (_environment, Catalog, Stop) = (environment, catalog, stop);

    public DataCatalog Catalog { get; }

    /// <summary>Looked at while files are checked, read, or made, and by whoever turns samples into something else.</summary>
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
        foreach (var (root, origin) in Roots())
        {
            var folder = Path.Combine(root, entry.Folder);
            var missing = Missing(entry, root);
            if (missing.Count == 0) return new(entry, origin, [.. Check(entry, root, origin)], "") { Stop = Stop };
            looked.Add($"{folder} lacks {string.Join(", ", missing)}");
        }
        return new(entry, DataOrigin.None, [], $"{string.Join("; ", looked)}. {WhatToDo(entry)}");
    }

    /// <summary>Downloads what is missing or damaged into the cache, unless MLPERFEDU_DATA has the data set, and looks again.</summary>
    public async Task<DataResolution> FetchAsync(string id, Fetcher fetcher, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        var entry = Catalog[id];
        if (entry.Kind == DataSetKind.Embedded || _environment.DataFolder is { } own && Missing(entry, own).Count == 0) return Resolve(id);
        if (!entry.CanBeFetched) throw FetchErrors.NoSource(id);
        if (_environment.Offline) throw FetchErrors.Offline(id);
        foreach (var file in entry.Files.Where(f => f.Urls.Count > 0))
            await fetcher.FetchAsync(file, Path.Combine(_environment.CacheFolder, entry.Folder, file.Name), progress, cancel);
        return Resolve(id);
    }

    /// <summary>Checks every file that is at hand, in MLPERFEDU_DATA and in the cache, and goes on past the wrong ones.</summary>
    public IReadOnlyList<FileReport> Verify(string id)
    {
        var entry = Catalog[id];
        return [.. from root in Roots()
                   from file in entry.Files
                   let place = Place(entry, file, root.Folder)
                   where place is not null
                   from report in Reports(file, place, root.Origin)
                   select report];
    }

    IReadOnlyList<FileReport> Reports(DataFile file, string place, DataOrigin origin)
    {
        try
        {
            return [.. Check(file, place, origin).Select(found => new FileReport(found.Path, found.Sha256, null))];
        }
        catch (DataException e)
        {
            return [new(place, "", e)];
        }
    }

    IEnumerable<(string Folder, DataOrigin Origin)> Roots()
    {
        if (_environment.DataFolder is { } folder) yield return (folder, DataOrigin.DataFolder);
        yield return (_environment.CacheFolder, DataOrigin.Cache);
    }

    static List<string> Missing(DataSetEntry entry, string root) =>
        [.. entry.Files.Where(f => !f.Optional && Place(entry, f, root) is null).Select(f => f.Holds.Count == 0
            ? f.Name
            : $"{f.Name} (or any archive or folder with {string.Join(", ", f.Holds.Select(held => held.Name))})")];

    IEnumerable<ResolvedFile> Check(DataSetEntry entry, string root, DataOrigin origin) =>
        from file in entry.Files
        let place = Place(entry, file, root)
        where place is not null
        from found in Check(file, place, origin)
        select found;

    IEnumerable<ResolvedFile> Check(DataFile file, string place, DataOrigin origin) =>
        file.Holds.Count == 0 ? [FileCheck.Verify(file, place, origin, Stop)] : HeldFiles.Verify(file, place, origin);

    static string? Place(DataSetEntry entry, DataFile file, string root)
    {
        if (file.Holds.Count > 0) return HeldFiles.Place(file, entry.Folder, root);
        var path = Path.Combine(root, entry.Folder, file.Name);
        return File.Exists(path) ? path : null;
    }

    string WhatToDo(DataSetEntry entry) => entry switch
    {
        { CanBeFetched: true } when _environment.Offline => "MLPERFEDU_OFFLINE forbids downloading: unset it, or copy the files there.",
        { CanBeFetched: true } => $"Fetch it with `data fetch {entry.Id}`, or copy the files there.",
        _ => "It cannot be downloaded: copy the files there.",
    };
}
