using System.Reflection;
using System.Text.Json;

namespace MlPerfEdu.Catalog;

/// <summary>All mistakes of a file at once.</summary>
public sealed class CatalogException(IReadOnlyList<Diagnostic> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<Diagnostic> Problems { get; } = problems;
}

/// <summary>The codes under which the mistakes of one kind of file are reported.</summary>
internal sealed record EntryCodes(string NotReadable, string UnknownKey, string MissingKey, string WrongValue, string Duplicate)
{
    /// <summary>What stands for a code of workloads.yaml. Files that are no text have one code everywhere.</summary>
    public string InPlaceOf(string code) => int.Parse(code[3..]) switch
    {
        >= 5 and <= 11 or 13 => NotReadable,
        12 => Duplicate,
        20 => UnknownKey,
        21 => MissingKey,
        > 21 and < 100 => WrongValue,
        _ => code,
    };
}

/// <summary>Reads files that map ids to entries below one key: datasets.yaml, and the registries of the zoo.</summary>
/// <remarks>Throws a <see cref="CatalogException"/> with every mistake of the file.</remarks>
internal sealed class EntryFile<T>(EntryCodes codes, string key, Func<YamlPair, Problems, T> read, Action<IReadOnlyList<T>, Problems>? checkTogether = null)
{
    public IReadOnlyList<T> Read(string path) => Read(path, problems => SourceText.Read(path, problems));

    public IReadOnlyList<T> Parse(string text, string file) => Read(file, problems => SourceText.Of(Encoding.UTF8.GetBytes(text), problems));

    /// <summary>The file of this name that an assembly was built with.</summary>
    public IReadOnlyList<T> BuiltIn(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return Parse(reader.ReadToEnd(), name);
    }

    List<T> Read(string file, Func<Problems, SourceText?> open)
    {
        Problems problems = new(file, codes), found = new(file, codes);
        List<T> entries = [];
        var source = open(problems);
        if (source is not null && YamlTreeReader.Read(source.Text, found, out _) is { } root)
        {
            var fields = new Fields(root, "the file", ["schema", key], found);
            CatalogCheck.CheckSchema(fields, supported: 1, found);
            foreach (var pair in fields.Required(key).Pairs("a mapping from ids to their contents"))
            {
                new Field(pair.Key, "an entry", found).Id();
                entries.Add(read(pair, found));
            }
            checkTogether?.Invoke(entries, found);
        }
        problems.Adopt(found, source?.DamagedLines ?? []);
        return problems.Any ? throw new CatalogException(problems.ToList()) : entries;
    }
}

/// <summary>How the values of an enum are written in YAML: SparseMoe as sparse-moe.</summary>
public static class Words
{
    public static IReadOnlyList<string> Of<T>() where T : struct, Enum => Known<T>.Names;

    public static T? Find<T>(string word) where T : struct, Enum =>
        Array.IndexOf(Known<T>.Names, word) is >= 0 and var at ? Known<T>.Values[at] : null;

    static class Known<T> where T : struct, Enum
    {
        public static readonly string[] Names = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
        public static readonly T[] Values = Enum.GetValues<T>();
    }
}
