using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Data;

/// <summary>A YAML file that is a mapping from id to entry, read strictly: every mistake is reported at its place, all at once.</summary>
public static partial class CatalogFile
{
    /// <summary>The entries below <paramref name="key"/>, in order.</summary>
    /// <exception cref="CatalogException">With every mistake of the file.</exception>
    public static List<T> Read<T>(
        string text, string file, CatalogCodes codes, string key, Func<YamlText, YamlNode, CatalogProblems, T> entry)
    {
        var problems = new CatalogProblems(file, codes);
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
                    entries.Add(entry(id, value, problems));
                }
            }
            root.RefuseTheRest();
        }
        problems.ThrowIfAny();
        return entries;
    }

    /// <summary>The text of a file that an assembly was built with.</summary>
    public static string BuiltIn(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Id();
}

/// <summary>A checked view of one mapping: every key is read by its name, and whatever is left over is a mistake.</summary>
public class CatalogMap
{
    readonly YamlNode node;
    readonly Dictionary<string, (YamlText Key, YamlNode Value)> entries = [];
    readonly List<string> known = [];

    public CatalogMap(YamlNode node, string where, CatalogProblems problems)
    {
        (this.node, Where, Problems) = (node, where, problems);
        if (node is not YamlMap map)
        {
            problems.WrongValue(node, where, node.Kind, "a mapping");
            return;
        }
        foreach (var (key, value) in map.Entries)
            if (!entries.TryAdd(key.Value, (key, value))) problems.Duplicate(key, where, entries[key.Value].Key.Line);
    }

    public string Where { get; }
    public CatalogProblems Problems { get; }
    public bool IsMap => node is YamlMap;
    public IEnumerable<(YamlText Key, YamlNode Value)> Entries => entries.Values;

    public YamlNode? Node(string key)
    {
        if (!known.Contains(key)) known.Add(key);
        return entries.GetValueOrDefault(key).Value;
    }

    public YamlNode? Required(string key, string expected)
    {
        var node = Node(key);
        if (node is null && IsMap) Problems.MissingKey(this.node, Where, key, expected);
        return node;
    }

    public string Text(string key) => TextOf(Required(key, "some text"), key) ?? "";
    public string? OptionalText(string key) => TextOf(Node(key), key);
    public long Number(string key, long low, long high) => NumberOf(Required(key, $"a number from {low} to {high}"), key, low, high) ?? low;
    public long? OptionalNumber(string key, long low, long high) => NumberOf(Node(key), key, low, high);

    /// <summary>A value of the enum, written as <see cref="Words"/> says.</summary>
    public T Word<T>(string key) where T : struct, Enum
    {
        var expected = $"one of: {string.Join(", ", Words.Of<T>())}";
        if (Required(key, expected) is not { } node) return default;
        if (node is YamlText text && Words.Find<T>(text.Value) is { } value) return value;
        Wrong(node, key, expected);
        return default;
    }

    public bool Flag(string key)
    {
        if (Node(key) is not { } node) return false;
        if (node is YamlText { Quoted: false, Value: "true" or "false" } text) return text.Value == "true";
        Wrong(node, key, "true or false");
        return false;
    }

    public IReadOnlyList<YamlNode> List(string key)
    {
        if (Node(key) is not { } node) return [];
        if (node is YamlList list) return list.Items;
        Wrong(node, key, "a list");
        return [];
    }

    /// <summary>Reports every key that was not read.</summary>
    public void RefuseTheRest()
    {
        foreach (var (key, _) in Entries.Where(entry => !known.Contains(entry.Key.Value))) Problems.UnknownKey(key, Where, known);
    }

    public void Wrong(YamlNode node, string key, string expected) => Problems.WrongValue(node, $"{Where}, {key}", node.Kind, expected);

    public long? NumberOf(YamlNode? node, string key, long low, long high)
    {
        if (node is null) return null;
        if (node is YamlText { Quoted: false } text
            && long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high)
            return value;
        Wrong(node, key, $"a number from {low} to {high}");
        return null;
    }

    string? TextOf(YamlNode? node, string key)
    {
        if (node is null) return null;
        if (node is YamlText text && text.Value.Trim().Length > 0 && !text.Value.Any(char.IsControl)) return text.Value;
        Wrong(node, key, "some text in one line");
        return null;
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
        public static readonly string[] Names = [.. Enum.GetNames<T>().Select(Written)];
        public static readonly T[] Values = Enum.GetValues<T>();
    }

    static string Written(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}

/// <summary>One mistake in a YAML file; line and column count from 1.</summary>
public sealed record CatalogProblem(string File, int Line, int Column, string Code, string Message)
{
    public override string ToString() => $"{File}({Line},{Column}): error {Code}: {Message}";
}

/// <summary>All mistakes of the file at once.</summary>
public sealed class CatalogException(IReadOnlyList<CatalogProblem> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<CatalogProblem> Problems { get; } = problems;
}

/// <summary>The codes under which the mistakes of one kind of file are reported.</summary>
public sealed record CatalogCodes(string NotReadable, string UnknownKey, string MissingKey, string WrongValue, string Duplicate);

/// <summary>Collects the mistakes of one file, one method per kind.</summary>
/// <param name="codes">Each kind of file has codes of its own.</param>
public sealed class CatalogProblems(string file, CatalogCodes codes)
{
    readonly List<CatalogProblem> problems = [];

    public void NotReadable(int line, int column, string found) =>
        Add(line, column, codes.NotReadable, $"found {found}, expected one plain YAML document. Correct it here.");

    public void UnknownKey(YamlText key, string where, IEnumerable<string> known) =>
        Add(key, codes.UnknownKey, $"{where} has no key {key.Kind}, expected one of: {string.Join(", ", known)}. Correct or remove it.");

    public void MissingKey(YamlNode at, string where, string key, string expected) =>
        Add(at, codes.MissingKey, $"{where} has no '{key}', expected {expected}. Add it.");

    public void WrongValue(YamlNode at, string where, string found, string expected) =>
        Add(at, codes.WrongValue, $"{where}: found {found}, expected {expected}. Correct it.");

    public void Duplicate(YamlText key, string where, int firstLine) =>
        Add(key, codes.Duplicate, $"{where} has {key.Kind} twice, first in line {firstLine}. Keep one.");

    /// <summary>A mistake that only this kind of file can have.</summary>
    public void Add(YamlNode at, string code, string message) => Add(at.Line, at.Column, code, message);

    void Add(int line, int column, string code, string message) => problems.Add(new(file, line, column, code, message));

    public void ThrowIfAny()
    {
        if (problems.Count > 0) throw new CatalogException([.. problems.OrderBy(p => p.Line).ThenBy(p => p.Column)]);
    }
}
