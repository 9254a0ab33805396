using System.Text.RegularExpressions;
using MlPerfEdu.Catalog;

namespace MlPerfEdu.Data;

/// <summary>The data sets of datasets.yaml.</summary>
public sealed class DataCatalog
{
    static readonly EntryFile<DataSetEntry> File = new(DataSetReader.Codes, "datasets", DataSetReader.Read, DataSetReader.CheckFolders);
    readonly Dictionary<string, DataSetEntry> entries;

    DataCatalog(IEnumerable<DataSetEntry> entries) => this.entries = entries.ToDictionary(e => e.Id);

    /// <summary>The datasets.yaml that this assembly was built with.</summary>
    public static DataCatalog BuiltIn { get; } = new(File.BuiltIn(typeof(DataCatalog).Assembly, "datasets.yaml"));

    public IEnumerable<DataSetEntry> Entries => entries.Values;

    public DataSetEntry this[string id] =>
        entries.TryGetValue(id, out var entry) ? entry : throw StoreErrors.UnknownDataSet(id, entries.Keys);

    public bool Contains(string id) => entries.ContainsKey(id);

    public static DataCatalog Parse(string text, string file) => new(File.Parse(text, file));
}

/// <summary>Where the files of a data set can come from.</summary>
public enum DataSetKind
{
    Original, // published files with a public address
    Part,     // cut out of an original; there is no address to fetch it from
    ByHand,   // placed by the user, who makes them as the note says; no digest can be known beforehand
    Embedded, // made by a generator of this library
}

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
    static readonly string[] Keys =
        ["title", "kind", "folder", "files", "license", "terms", "cite", "note", "splits", "contents_sha256", "seed"];
    static readonly NumberRange Sizes = NumberRange.Between(1, 1L << 40), Samples = NumberRange.Between(1, 100_000_000);

    public static EntryCodes Codes { get; } = new("MLP1001", "MLP1002", "MLP1003", "MLP1004", "MLP1005");

    public static DataSetEntry Read(YamlPair pair, Problems problems)
    {
        var fields = new Fields(pair.Value, $"data set {Quoted.Of(pair.Key.Text)}", Keys, problems);
        var kind = fields.Required("kind").Choice<DataSetKind>();
        var entry = new DataSetEntry
        {
            Id = pair.Key.Text,
            Title = fields.Required("title").Line(),
            Kind = kind,
            Folder = fields.Optional("folder") is { } folder ? Name(folder) : pair.Key.Text,
            Files = [.. Items(fields, "files").Select(item => ReadFile(item, kind))],
            License = fields.Required("license").Line(),
            Terms = fields.Required("terms").Line(),
            Cite = fields.Required("cite").Line(),
            Note = fields.Optional("note")?.Line(),
            Splits = ReadSplits(fields.Required("splits")),
            ContentsSha256 = fields.Optional("contents_sha256") is { } digest ? Digest(digest) : null,
            Seed = (ulong?)fields.Optional("seed")?.Whole(NumberRange.Seed),
            Line = pair.Key.Start.Line,
        };
        if (!fields.Mapping.IsIncomplete) CheckKind(entry, (found, expected) =>
            problems.Add(Codes.WrongValue, pair.Key.Start, $"{found} in {fields.Owner}", expected, "Correct it."));
        return entry;
    }

    /// <summary>Files of one name in one folder would take each other's place.</summary>
    public static void CheckFolders(IReadOnlyList<DataSetEntry> entries, Problems problems)
    {
        var owners = new Dictionary<string, DataSetEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries.Where(entry => entry.Folder.Length > 0 && !owners.TryAdd(entry.Folder, entry)))
            problems.Add(Codes.WrongValue, new(entry.Line, 1, 0), $"the folder {Quoted.Of(entry.Folder)} of data set {Quoted.Of(entry.Id)}, which "
                + $"{Quoted.Of(owners[entry.Folder].Id)} at line {owners[entry.Folder].Line} has already", "a folder of its own for each", "Add or correct 'folder'.");
    }

    static void CheckKind(DataSetEntry entry, Action<string, string> wrong)
    {
        var embedded = entry.Kind == DataSetKind.Embedded;
        if (embedded != entry.Seed.HasValue) wrong(embedded ? "no seed" : "a seed", "a seed for kind embedded and for no other");
        if (embedded == entry.Files.Count > 0) wrong($"{entry.Files.Count} files", "files for every kind but embedded");
        if (entry.Kind == DataSetKind.Original && !entry.CanBeFetched)
            wrong("a file without urls", "urls for every file of an original that is not optional");
        foreach (var twice in entry.Files.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            wrong($"the file '{twice.Key}' twice", "each file once");
    }

    static DataFile ReadFile(Field item, DataSetKind kind)
    {
        var fields = item.Fields($"a file in {item.Name}", ["name", .. kind == DataSetKind.ByHand ? [] : Pinned, "also", "urls", "optional", "holds"]);
        List<FilePin> pins = kind == DataSetKind.ByHand ? [] : [Pin(fields)];
        pins.AddRange(Items(fields, "also").Select(also => Pin(also.Fields(also.Name, [.. Pinned, "note"]))));
        return new(FileName(fields.Required("name")), pins, [.. Items(fields, "urls").Select(Url).OfType<Uri>()], fields.Optional("optional")?.Flag() ?? false)
        {
            Holds = [.. Items(fields, "holds").Select(held => held.Fields(held.Name, ["name", "sha256"]))
                .Select(held => new HeldFile(Name(held.Required("name")), Digest(held.Required("sha256"))))],
        };
    }

    static readonly string[] Pinned = ["bytes", "sha256"];
    static FilePin Pin(Fields fields) => new(fields.Required("bytes").Whole(Sizes), Digest(fields.Required("sha256")));
    static IReadOnlyList<Field> Items(Fields fields, string key) => fields.Optional(key)?.Items() ?? [];

    static Dictionary<string, int> ReadSplits(Field splits)
    {
        var pairs = splits.Pairs("a mapping from splits to their samples");
        if (pairs.Count == 0 && splits.Node is YamlMapping { IsIncomplete: false })
            splits.Problems.Add(Codes.WrongValue, splits.Node.Start, $"no split in {splits.Name}", "at least one, such as { train: 60000 }", "Add it.");
        return pairs.ToDictionary(split => split.Key.Text, split => (int)(splits with { Node = split.Value }).Whole(Samples));
    }

    static string Digest(Field field) => field.Formatted("64 lower-case hexadecimal digits", Sha256().IsMatch);

    // Names become paths: nothing that could climb out of the folder is accepted, nor what a download in progress is called.
    static string Name(Field field) => field.Formatted(NameRule, IsName);

    // Of a data set that is published in folders.
    static string FileName(Field field) =>
        field.Formatted($"{NameRule}; at most one folder before it", text => text.Split('/') is { Length: <= 2 } parts && parts.All(IsName));

    const string NameRule = "letters, digits, '.', '_' and '-', beginning with a letter or digit, ending in neither '.' nor '.part'";

    static bool IsName(string text) => SafeName().IsMatch(text) && text[^1] != '.' && !text.EndsWith(".part", StringComparison.OrdinalIgnoreCase);

    static Uri? Url(Field field)
    {
        Uri? url = null;
        field.Formatted("an https address without user name",
            text => Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0);
        return url;
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex SafeName();
}
