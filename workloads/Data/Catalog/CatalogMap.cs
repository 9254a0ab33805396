using System.Globalization;

namespace MlPerfEdu.Data;

/// <summary>A checked view of one mapping: every key is asked for once, and whatever is left over is a mistake.</summary>
public sealed class CatalogMap
{
    readonly YamlNode _node;
    readonly Dictionary<string, YamlNode> _values = [];
    readonly Dictionary<string, YamlText> _keys = [];
    readonly List<string> _known = [];

    public CatalogMap(YamlNode node, string where, CatalogProblems problems)
    {
        (_node, Where, Problems) = (node, where, problems);
        if (node is not YamlMap map)
        {
            problems.WrongValue(node, where, node.Kind, "a mapping");
            return;
        }
        foreach (var (key, value) in map.Entries)
        {
            if (_keys.TryAdd(key.Value, key)) _values[key.Value] = value;
            else problems.Duplicate(key, where, _keys[key.Value].Line);
        }
    }

    public string Where { get; }
    public CatalogProblems Problems { get; }
    public bool IsMap => _node is YamlMap;
    public int Line => _node.Line;

    public IEnumerable<(YamlText Key, YamlNode Value)> Entries => _keys.Values.Select(k => (k, _values[k.Value]));

    public YamlNode? Node(string key)
    {
        if (!_known.Contains(key)) _known.Add(key);
        return _values.GetValueOrDefault(key);
    }

    public YamlNode? Required(string key, string expected)
    {
        var node = Node(key);
        if (node is null && IsMap) Problems.MissingKey(_node, Where, key, expected);
        return node;
    }

    public string Text(string key) => TextOf(Required(key, "some text"), key) ?? "";

    public string? OptionalText(string key) => TextOf(Node(key), key);

    public long Number(string key, long low, long high) => NumberOf(Required(key, $"a number from {low} to {high}"), key, low, high) ?? low;

    public long? OptionalNumber(string key, long low, long high) => NumberOf(Node(key), key, low, high);

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

    /// <summary>Complains about every key that nobody asked for.</summary>
    public void RefuseTheRest()
    {
        foreach (var key in _keys.Values.Where(k => !_known.Contains(k.Value))) Problems.UnknownKey(key, Where, _known);
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
