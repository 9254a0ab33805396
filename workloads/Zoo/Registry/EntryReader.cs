using System.Text.RegularExpressions;
using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>What the entries of both registries have in common.</summary>
static partial class EntryReader
{
    const int Widest = 10_000_000;

    /// <summary>The entries below the one key of the file, in order.</summary>
    public static List<T> Read<T>(string text, string file, string key, Func<YamlText, CatalogMap, T?> entry)
        where T : class
    {
        var problems = new CatalogProblems(file, ZooCodes.Registry);
        var entries = new List<T>();
        if (YamlReader.Read(text, problems) is { } node)
        {
            var root = new CatalogMap(node, file, problems);
            root.Number("schema", 1, 1);
            if (root.Required(key, "a mapping from id to entry") is { } list)
            {
                foreach (var (id, value) in new CatalogMap(list, key, problems).Entries)
                {
                    if (!Id().IsMatch(id.Value)) problems.WrongValue(id, "an id", id.Kind, "lower-case words and digits joined by '-'");
                    if (entry(id, new(value, id.Kind, problems)) is { } read) entries.Add(read);
                }
            }
            root.RefuseTheRest();
        }
        problems.ThrowIfAny();
        return entries;
    }

    public static T Word<T>(CatalogMap map, string key)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(Word);
        var expected = "one of: " + string.Join(", ", words.Keys);
        if (map.Required(key, expected) is not { } node) return default;
        if (node is YamlText text && words.TryGetValue(text.Value, out var value)) return value;
        map.Wrong(node, key, expected);
        return default;
    }

    public static int? Size(CatalogMap map, string key) => (int?)map.OptionalNumber(key, 1, Widest);

    public static Dtype? DtypeOf(CatalogMap map, YamlNode node)
    {
        if (node is YamlText text && Dtypes.Find(text.Value) is { } dtype) return dtype;
        map.Problems.Add(node, ZooCodes.Dtype,
            $"{map.Where}: found the dtype {node.Kind}, expected one of: {string.Join(", ", Dtypes.Names)}. Correct it.");
        return null;
    }

    /// <param name="values">The keys whose value must have a source.</param>
    public static IReadOnlyList<Source> Sources(YamlText id, CatalogMap map, IEnumerable<string> values)
    {
        map.Required("sources", "what each value comes from");
        var sources = map.List("sources").Select((node, index) =>
        {
            var inner = new CatalogMap(node, $"{map.Where}, source {index + 1}", map.Problems);
            List<string> of = [.. inner.List("of").OfType<YamlText>().Select(text => text.Value)];
            var source = new Source(of, inner.Text("from"));
            inner.RefuseTheRest();
            return source;
        }).ToList();
        List<string> present = [.. values.Where(key => map.Entries.Any(entry => entry.Key.Value == key))];
        var named = sources.SelectMany(source => source.Of).ToHashSet();
        foreach (var key in present.Where(key => !named.Contains(key)))
            map.Problems.Add(id, ZooCodes.Source,
                $"{map.Where}: found '{key}' without a source, expected every value to have one. Name it under sources.");
        foreach (var key in named.Where(key => !present.Contains(key)))
            map.Problems.Add(id, ZooCodes.Source, $"{map.Where}: found a source of '{key}', which the entry does not have. Remove it.");
        return sources;
    }

    /// <summary>`original` says something only when `flag` says why.</summary>
    public static void CheckFlag(YamlText id, CatalogMap map, YamlNode? original, string? flag)
    {
        if (original is not null && flag is null)
            map.Problems.Add(original, ZooCodes.Contradiction,
                $"{id.Kind}: found 'original' without 'flag', expected a flag that says what is wrong there. Add it.");
    }

    // SparseMoe is written sparse-moe.
    static string Word<T>(T value)
        where T : struct, Enum => Capital().Replace(value.ToString(), "-$0").ToLowerInvariant();

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Id();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
