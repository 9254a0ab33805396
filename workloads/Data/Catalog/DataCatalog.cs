using System.Text.RegularExpressions;

namespace MlPerfEdu.Data;

/// <summary>The data sets of datasets.yaml.</summary>
public sealed class DataCatalog
{
    static readonly CatalogCodes Codes = new("MLP1001", "MLP1002", "MLP1003", "MLP1004", "MLP1005");
    readonly Dictionary<string, DataSetEntry> entries;

    DataCatalog(IEnumerable<DataSetEntry> entries) => this.entries = entries.ToDictionary(e => e.Id);

    /// <summary>The datasets.yaml that this assembly was built with.</summary>
    public static DataCatalog BuiltIn { get; } = Parse(CatalogFile.BuiltIn(typeof(DataCatalog).Assembly, "datasets.yaml"), "datasets.yaml");

    public IEnumerable<DataSetEntry> Entries => entries.Values;

    public DataSetEntry this[string id] =>
        entries.TryGetValue(id, out var entry) ? entry : throw StoreErrors.UnknownDataSet(id, entries.Keys);

    public bool Contains(string id) => entries.ContainsKey(id);

    /// <exception cref="CatalogException">With every mistake of the file.</exception>
    public static DataCatalog Parse(string text, string file) => new(CatalogFile.Read(text, file, Codes, "datasets", DataSetReader.Read));
}

/// <summary>Where the files of a data set can come from.</summary>
public enum DataSetKind
{
    Original, // published files with a public address
    Part,     // cut out of an original; there is no address to fetch it from
    ByHand,   // placed by the user, who makes them as the note says; no digest can be known beforehand
    Embedded, // made by a generator of this library
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

/// <summary>One entry of datasets.yaml, key by key.</summary>
static partial class DataSetReader
{
    const long LargestFile = 1L << 40;
    const int MostSamples = 100_000_000;

    public static DataSetEntry Read(YamlText id, YamlNode node, CatalogProblems problems)
    {
        var map = new CatalogMap(node, $"data set {id.Kind}", problems);
        var kind = map.Word<DataSetKind>("kind");
        var seed = map.OptionalNumber("seed", 0, long.MaxValue);
        var folder = map.Node("folder");
        var entry = new DataSetEntry
        {
            Id = id.Value,
            Title = map.Text("title"),
            Kind = kind,
            Folder = folder is null ? id.Value : Name(map, folder, "folder"),
            Files = [.. map.List("files").Select((file, i) => File(Inner(map, file, $"file {i + 1}"), kind))],
            License = map.Text("license"),
            Terms = map.Text("terms"),
            Cite = map.Text("cite"),
            Note = map.OptionalText("note"),
            Splits = Splits(map),
            ContentsSha256 = map.Node("contents_sha256") is { } digest ? Digest(map, digest, "contents_sha256") : null,
            Seed = (ulong?)seed,
            Line = id.Line,
        };
        map.RefuseTheRest();
        if (map.IsMap) CheckKind(id, map, entry);
        return entry;
    }

    static void CheckKind(YamlText id, CatalogMap map, DataSetEntry entry)
    {
        var embedded = entry.Kind == DataSetKind.Embedded;
        if (embedded != entry.Seed.HasValue)
            map.Problems.WrongValue(id, map.Where, embedded ? "no seed" : "a seed", "a seed for kind embedded and for no other");
        if (embedded == entry.Files.Count > 0)
            map.Problems.WrongValue(id, map.Where, $"{entry.Files.Count} files", "files for every kind but embedded");
        if (entry.Kind == DataSetKind.Original && !entry.CanBeFetched)
            map.Problems.WrongValue(id, map.Where, "a file without urls", "urls for every file of an original that is not optional");
        foreach (var twice in entry.Files.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            map.Problems.WrongValue(id, map.Where, $"the file '{twice.Key}' twice", "each file once");
    }

    static DataFile File(CatalogMap map, DataSetKind kind)
    {
        var name = NameOf(map);
        var pins = new List<FilePin>();
        if (kind != DataSetKind.ByHand) pins.Add(Pin(map));
        pins.AddRange(map.List("also").Select(node => Also(Inner(map, node, "also"))));
        var urls = map.List("urls").Select(node => Url(map, node)).OfType<Uri>().ToList();
        var optional = map.Flag("optional");
        var holds = map.List("holds").Select((node, i) => Held(Inner(map, node, $"held file {i + 1}"))).ToList();
        map.RefuseTheRest();
        return new(name, pins, urls, optional) { Holds = holds };
    }

    static FilePin Also(CatalogMap map)
    {
        var pin = Pin(map);
        map.OptionalText("note");
        map.RefuseTheRest();
        return pin;
    }

    static HeldFile Held(CatalogMap map)
    {
        var held = new HeldFile(NameOf(map), Sha256Of(map));
        map.RefuseTheRest();
        return held;
    }

    static FilePin Pin(CatalogMap map) => new(map.Number("bytes", 1, LargestFile), Sha256Of(map));

    static Dictionary<string, int> Splits(CatalogMap map)
    {
        var splits = new Dictionary<string, int>();
        if (map.Required("splits", "samples per split") is not { } node) return splits;
        var inner = Inner(map, node, "splits");
        foreach (var (key, value) in inner.Entries)
            if (inner.NumberOf(value, key.Value, 1, MostSamples) is { } count) splits[key.Value] = (int)count;
        return splits;
    }

    static string NameOf(CatalogMap map) => map.Required("name", "a file name") is { } node ? Name(map, node, "name") : "";
    static string Sha256Of(CatalogMap map) => map.Required("sha256", "64 hexadecimal digits") is { } node ? Digest(map, node, "sha256") : "";
    static string Digest(CatalogMap map, YamlNode node, string key) => Matching(map, node, key, Sha256(), "64 lower-case hexadecimal digits");

    // Names become paths: nothing that could climb out of the folder is accepted.
    static string Name(CatalogMap map, YamlNode node, string key) =>
        Matching(map, node, key, SafeName(), "letters, digits, '.', '_' and '-', beginning with a letter or digit");

    static string Matching(CatalogMap map, YamlNode node, string key, Regex pattern, string expected)
    {
        if (node is YamlText text && pattern.IsMatch(text.Value)) return text.Value;
        map.Wrong(node, key, expected);
        return "";
    }

    static Uri? Url(CatalogMap map, YamlNode node)
    {
        if (node is YamlText text && Uri.TryCreate(text.Value, UriKind.Absolute, out var url)
            && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0) return url;
        map.Wrong(node, "urls", "an https address without user name");
        return null;
    }

    static CatalogMap Inner(CatalogMap map, YamlNode node, string name) => new(node, $"{map.Where}, {name}", map.Problems);

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex SafeName();
}
