using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MlPerfEdu.Catalog;

/// <summary>Builds a tree with the place of every key and value; what cannot be read is reported and left out.</summary>
internal sealed class YamlTreeReader(string text, Problems problems)
{
    // A valid file needs 9 levels. The bound also keeps the recursion below shallow.
    const int MaxDepth = 24;

    readonly Parser parser = new(new StringReader(text));
    readonly Stack<YamlCollection> open = new();
    Position reached = new(1, 1, 0);
    int stoppedAt;

    /// <param name="stoppedAtLine">Where a syntax error ended the reading; 0 when the whole text was read.</param>
    public static YamlNode? Read(string text, Problems problems, out int stoppedAtLine)
    {
        var reader = new YamlTreeReader(text, problems);
        var root = reader.ReadDocument();
        stoppedAtLine = reader.stoppedAt;
        return root;
    }

    YamlNode? ReadDocument()
    {
        // The start of the stream, then that of the document.
        Next();
        if (Next() is StreamEnd)
            problems.EmptyFile();
        if (Next() is not { } first)
            return null;
        var root = ReadNode(first);
        // The end of the document, then that of the stream.
        Next();
        if (Next() is DocumentStart second)
            problems.SecondDocument(At(second.Start));
        return root;
    }

    YamlNode ReadNode(ParsingEvent parsed)
    {
        if (parsed is AnchorAlias alias)
        {
            problems.AnchorOrAlias(At(alias.Start), "*" + alias.Value.Value);
            return new YamlUnreadable(At(alias.Start));
        }
        if (parsed is NodeEvent { Anchor.IsEmpty: false } anchored)
            problems.AnchorOrAlias(At(anchored.Start), "&" + anchored.Anchor.Value);
        if (parsed is NodeEvent { Tag.IsEmpty: false } tagged)
            problems.Tag(At(tagged.Start), tagged.Tag.IsNonSpecific ? "!" : tagged.Tag.Value);
        return parsed switch
        {
            Scalar scalar => new YamlScalar(At(scalar.Start), scalar.Value, scalar.Style) { LastEnd = At(scalar.End) },
            SequenceStart start => ReadSequence(start),
            MappingStart start => ReadMapping(start),
            _ => new YamlUnreadable(At(parsed.Start)),
        };
    }

    YamlSequence ReadSequence(SequenceStart start)
    {
        var sequence = new YamlSequence(At(start.Start), start.Style == SequenceStyle.Flow);
        if (!Enter(sequence))
            return sequence;
        while (NextInside<SequenceEnd>(sequence) is { } parsed)
        {
            sequence.Items.Add(ReadNode(parsed));
            sequence.LastEnd = sequence.Items[^1].LastEnd;
        }
        open.Pop();
        return sequence;
    }

    YamlMapping ReadMapping(MappingStart start)
    {
        // A pair that stands in a list without braces, as in [1, a: 2], comes without a place.
        var mapping = new YamlMapping(start.End.Index == 0 ? reached : At(start.Start), start.Style == MappingStyle.Flow);
        if (!Enter(mapping))
            return mapping;
        while (NextInside<MappingEnd>(mapping) is { } parsed)
        {
            var key = ReadNode(parsed);
            if (Next() is not { } valueEvent)
            {
                mapping.IsIncomplete = true;
                break;
            }
            AddPair(mapping, key, ReadNode(valueEvent));
        }
        open.Pop();
        return mapping;
    }

    void AddPair(YamlMapping mapping, YamlNode key, YamlNode value)
    {
        if (key is not YamlScalar { IsNull: false, IsBlock: false } scalar)
        {
            if (key is not YamlUnreadable)
                problems.KeyIsNotText(key.Start);
        }
        else if (mapping.Find(scalar.Text) is { } earlier)
            problems.DuplicateKey(scalar, earlier.Key.Start);
        else
        {
            mapping.Add(new(scalar, value));
            mapping.LastEnd = value.LastEnd;
        }
    }

    bool Enter(YamlCollection collection)
    {
        if (open.Count < MaxDepth)
        {
            open.Push(collection);
            return true;
        }
        problems.NestedTooDeeply(collection.Start, MaxDepth);
        stoppedAt = collection.Start.Line;
        collection.IsIncomplete = true;
        return false;
    }

    ParsingEvent? NextInside<TEnd>(YamlCollection collection) where TEnd : ParsingEvent
    {
        var parsed = Next();
        if (parsed is null)
            collection.IsIncomplete = true;
        if (parsed is not TEnd)
            return parsed;
        if (collection.IsFlow)
            collection.LastEnd = new((int)parsed.Start.Line, (int)parsed.Start.Column + 1, (int)parsed.Start.Index + 1);
        return null;
    }

    // YamlDotNet throws YamlException and, for some texts, InvalidOperationException, ArgumentException and others.
#pragma warning disable CA1031 // Whatever it throws, the text is at fault as far as the user can tell, and the place is known.
    ParsingEvent? Next()
    {
        if (stoppedAt > 0)
            return null;
        try
        {
            if (!parser.MoveNext() || parser.Current is not { } parsed)
                return null;
            reached = parsed.End.Index > reached.Offset ? At(parsed.End) : reached;
            return parsed;
        }
        catch (Exception e)
        {
            // For some mistakes, such as indentation by a tab, the mark is the start of the text; the last place read says more.
            var at = e is YamlException yaml && yaml.Start.Index >= reached.Offset ? At(yaml.Start) : reached;
            var opened = open.LastOrDefault(collection => collection.IsFlow);
            problems.Syntax(at, e is YamlException ? e.Message : "the YAML reader gave up here", opened?.Start);
            stoppedAt = (opened?.Start ?? at).Line;
            return null;
        }
    }
#pragma warning restore CA1031

    static Position At(in Mark mark) => new((int)mark.Line, (int)mark.Column, (int)mark.Index);
}

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
