using System.Text.RegularExpressions;

namespace MlPerfEdu.Data;

/// <summary>datasets.yaml, key by key.</summary>
static partial class CatalogReader
{
    const long LargestFile = 1L << 40;
    const int MostSamples = 100_000_000;

    static readonly Dictionary<string, DataSetKind> Kinds = new()
    {
        ["original"] = DataSetKind.Original,
        ["part"] = DataSetKind.Part,
        ["by-hand"] = DataSetKind.ByHand,
        ["embedded"] = DataSetKind.Embedded,
    };

    public static List<DataSetEntry> Read(string text, CatalogProblems problems)
    {
        var entries = new List<DataSetEntry>();
        if (YamlReader.Read(text, problems) is not { } rootNode) return entries;
        var root = new CatalogMap(rootNode, "datasets.yaml", problems);
        root.Number("schema", 1, 1);
        if (root.Required("datasets", "a mapping from id to data set") is { } list)
        {
            foreach (var (key, value) in new CatalogMap(list, "datasets", problems).Entries)
            {
                if (!Id().IsMatch(key.Value)) problems.WrongValue(key, "an id", key.Kind, "lower-case words joined by '-'");
                entries.Add(Entry(key, new(value, $"data set {key.Kind}", problems)));
            }
        }
        root.RefuseTheRest();
        return entries;
    }

    static DataSetEntry Entry(YamlText id, CatalogMap map)
    {
        var kind = Kind(map);
        var seed = map.OptionalNumber("seed", 0, long.MaxValue);
        var folderNode = map.Node("folder");
        var entry = new DataSetEntry
        {
            Id = id.Value,
            Title = map.Text("title"),
            Kind = kind,
            Folder = folderNode is null ? id.Value : Name(map, folderNode, "folder"),
            Files = [.. map.List("files").Select((f, i) => File(new(f, $"{map.Where}, file {i + 1}", map.Problems), kind))],
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
        CheckKind(id, map, entry);
        return entry;
    }

    static void CheckKind(YamlText id, CatalogMap map, DataSetEntry entry)
    {
        if (!map.IsMap) return;
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

    static DataSetKind Kind(CatalogMap map)
    {
        if (map.Required("kind", "one of: " + string.Join(", ", Kinds.Keys)) is not { } node) return default;
        if (node is YamlText text && Kinds.TryGetValue(text.Value, out var kind)) return kind;
        map.Wrong(node, "kind", "one of: " + string.Join(", ", Kinds.Keys));
        return default;
    }

    static DataFile File(CatalogMap map, DataSetKind kind)
    {
        var name = map.Required("name", "a file name") is { } node ? Name(map, node, "name") : "";
        var pins = new List<FilePin>();
        if (kind != DataSetKind.ByHand) pins.Add(Pin(map));
        pins.AddRange(map.List("also").Select(n =>
        {
            var also = new CatalogMap(n, $"{map.Where}, also", map.Problems);
            var pin = Pin(also);
            also.OptionalText("note");
            also.RefuseTheRest();
            return pin;
        }));
        var urls = map.List("urls").Select(n => Url(map, n)).OfType<Uri>().ToList();
        var optional = map.Flag("optional");
        var holds = map.List("holds").Select((n, i) => Held(new(n, $"{map.Where}, held file {i + 1}", map.Problems))).ToList();
        map.RefuseTheRest();
        return new(name, pins, urls, optional) { Holds = holds };
    }

    static HeldFile Held(CatalogMap map)
    {
        var name = map.Required("name", "a file name") is { } node ? Name(map, node, "name") : "";
        var held = new HeldFile(name, Sha256Of(map));
        map.RefuseTheRest();
        return held;
    }

    static FilePin Pin(CatalogMap map) => new(
        map.Number("bytes", 1, LargestFile),
        Sha256Of(map));

    static string Sha256Of(CatalogMap map) => map.Required("sha256", "64 hexadecimal digits") is { } digest ? Digest(map, digest, "sha256") : "";

    static Dictionary<string, int> Splits(CatalogMap map)
    {
        var splits = new Dictionary<string, int>();
        if (map.Required("splits", "samples per split") is not { } node) return splits;
        var inner = new CatalogMap(node, $"{map.Where}, splits", map.Problems);
        foreach (var (key, value) in inner.Entries)
            if (inner.NumberOf(value, key.Value, 1, MostSamples) is { } count) splits[key.Value] = (int)count;
        return splits;
    }

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
        if (node is YamlText text && Uri.TryCreate(text.Value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0)
            return url;
        map.Wrong(node, "urls", "an https address without user name");
        return null;
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex SafeName();
}
