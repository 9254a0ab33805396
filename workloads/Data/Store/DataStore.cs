namespace MlPerfEdu.Data;

/// <summary>Finds data sets: first in MLPERFEDU_DATA, then in the cache. Downloading is asked for separately.</summary>
public sealed class DataStore
{
    readonly DataEnvironment _environment;

    DataStore(DataEnvironment environment, DataCatalog catalog) => (_environment, Catalog) = (environment, catalog);

    public DataCatalog Catalog { get; }

    public static DataStore Open(DataEnvironment? environment = null, DataCatalog? catalog = null) =>
        new(environment ?? DataEnvironment.FromProcess(), catalog ?? DataCatalog.BuiltIn);

    /// <summary>Looks without downloading. Every file found is checked by size and SHA-256.</summary>
    /// <exception cref="DataException">When a file is there but its bytes are not the pinned ones.</exception>
    public DataResolution Resolve(string id)
    {
        var entry = Catalog[id];
        if (entry.Kind == DataSetKind.Embedded) return new(entry, DataOrigin.Embedded, [], "");
        var looked = new List<string>();
        foreach (var (root, origin) in Roots())
        {
            var folder = Path.Combine(root, entry.Folder);
            var missing = entry.Files.Where(f => !f.Optional && !File.Exists(Path.Combine(folder, f.Name))).Select(f => f.Name).ToList();
            if (missing.Count == 0) return new(entry, origin, [.. Check(entry, folder, origin)], "");
            looked.Add($"{folder} lacks {string.Join(", ", missing)}");
        }
        return new(entry, DataOrigin.None, [], $"{string.Join("; ", looked)}. {WhatToDo(entry)}");
    }

    IEnumerable<(string Folder, DataOrigin Origin)> Roots()
    {
        if (_environment.DataFolder is { } folder) yield return (folder, DataOrigin.DataFolder);
        yield return (_environment.CacheFolder, DataOrigin.Cache);
    }

    static IEnumerable<ResolvedFile> Check(DataSetEntry entry, string folder, DataOrigin origin) =>
        from file in entry.Files
        let path = Path.Combine(folder, file.Name)
        where File.Exists(path)
        select FileCheck.Verify(file, path, origin);

    string WhatToDo(DataSetEntry entry) => entry switch
    {
        { CanBeFetched: true } when _environment.Offline => "MLPERFEDU_OFFLINE forbids downloading: unset it, or copy the files there.",
        { CanBeFetched: true } => $"Fetch it with `data fetch {entry.Id}`, or copy the files there.",
        _ => "It cannot be downloaded: copy the files there.",
    };
}
