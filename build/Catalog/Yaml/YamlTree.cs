using YamlDotNet.Core;

namespace MlPerfEdu.Catalog;

/// <summary>A place in a text: line and column from 1, offset in UTF-16 units from 0.</summary>
internal readonly record struct Position(int Line, int Column, int Offset);

internal abstract class YamlNode(Position start)
{
    public Position Start { get; } = start;

    /// <summary>Just after the last character of the value itself, before any comment that follows.</summary>
    public Position LastEnd { get; set; } = start;
}

internal sealed class YamlScalar(Position start, string text, ScalarStyle style) : YamlNode(start)
{
    public string Text => text;
    public bool IsPlain => style == ScalarStyle.Plain;
    public bool IsBlock => style is ScalarStyle.Literal or ScalarStyle.Folded;
    public bool IsNull => IsPlain && text is "" or "~" or "null" or "Null" or "NULL";
}

internal abstract class YamlCollection(Position start, bool isFlow) : YamlNode(start)
{
    public bool IsFlow => isFlow;

    /// <summary>True when a syntax error cut it short: what is missing may only be unread.</summary>
    public bool IsIncomplete { get; set; }
}

internal sealed class YamlSequence(Position start, bool isFlow) : YamlCollection(start, isFlow)
{
    public List<YamlNode> Items { get; } = [];
}

internal sealed class YamlMapping(Position start, bool isFlow) : YamlCollection(start, isFlow)
{
    readonly OrderedDictionary<string, YamlPair> pairs = [];

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<YamlPair> Pairs => pairs.Values;

    public YamlPair? Find(string key) => pairs.GetValueOrDefault(key);

    public void Add(YamlPair pair) => pairs.Add(pair.Key.Text, pair);
}

internal sealed record YamlPair(YamlScalar Key, YamlNode Value);

/// <summary>Stands where something was already reported, so that nothing is reported twice.</summary>
internal sealed class YamlUnreadable(Position start) : YamlNode(start);
