using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MlPerfEdu.Generator;

/// <summary>Builds a tree with the place of every key and value; what cannot be read is reported and left out.</summary>
internal sealed class YamlTreeReader
{
    // A valid file needs 9 levels. The bound also keeps the recursion below shallow.
    const int MaxDepth = 24;

    readonly Parser parser;
    readonly Problems problems;
    readonly Stack<YamlCollection> open = new();
    Position reached = new(1, 1, 0);

    YamlTreeReader(string text, Problems problems)
    {
        parser = new(new StringReader(text));
        this.problems = problems;
    }

    /// <summary>The line at which reading had to stop; 0 when the whole text was read.</summary>
    public int StoppedAtLine { get; private set; }

    public static YamlNode? Read(string text, Problems problems, out int stoppedAtLine)
    {
        var reader = new YamlTreeReader(text, problems);
        var root = reader.ReadDocument();
        stoppedAtLine = reader.StoppedAtLine;
        return root;
    }

    YamlNode? ReadDocument()
    {
        while (Next() is { } parsed)
        {
            if (parsed is StreamEnd)
            {
                problems.EmptyFile();
                return null;
            }
            if (parsed is DocumentStart)
                break;
        }
        if (Next() is not { } first)
            return null;
        var root = ReadNode(first);
        while (Next() is { } parsed and not StreamEnd)
        {
            if (parsed is not DocumentStart)
                continue;
            problems.SecondDocument(StartOf(parsed));
            break;
        }
        return root;
    }

    YamlNode ReadNode(ParsingEvent parsed)
    {
        if (parsed is AnchorAlias alias)
        {
            problems.AnchorOrAlias(StartOf(alias), "*" + alias.Value.Value);
            return new YamlUnreadable(StartOf(alias));
        }
        if (parsed is NodeEvent node)
            RefuseAnchorAndTag(node);
        return parsed switch
        {
            Scalar scalar => new YamlScalar(StartOf(scalar), EndOf(scalar), scalar.Value, StyleOf(scalar)),
            SequenceStart start => ReadSequence(start),
            MappingStart start => ReadMapping(start),
            _ => new YamlUnreadable(StartOf(parsed)),
        };
    }

    void RefuseAnchorAndTag(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            problems.AnchorOrAlias(StartOf(node), "&" + node.Anchor.Value);
        if (!node.Tag.IsEmpty)
            problems.Tag(StartOf(node), node.Tag.IsNonSpecific ? "!" : node.Tag.Value);
    }

    YamlSequence ReadSequence(SequenceStart start)
    {
        var sequence = new YamlSequence(StartOf(start), start.Style == SequenceStyle.Flow);
        if (!Enter(sequence))
            return sequence;
        while (NextInside<SequenceEnd>(sequence) is { } parsed)
            sequence.Items.Add(ReadNode(parsed));
        open.Pop();
        return sequence;
    }

    YamlMapping ReadMapping(MappingStart start)
    {
        var mapping = new YamlMapping(StartOf(start), start.Style == MappingStyle.Flow);
        if (!Enter(mapping))
            return mapping;
        while (NextInside<MappingEnd>(mapping) is { } parsed)
        {
            var key = ReadNode(parsed);
            if (Next() is not { } valueEvent)
            {
                mapping.CutShort();
                break;
            }
            AddPair(mapping, key, ReadNode(valueEvent));
        }
        open.Pop();
        return mapping;
    }

    void AddPair(YamlMapping mapping, YamlNode key, YamlNode value)
    {
        if (key is not YamlScalar { IsNull: false, Style: not YamlScalarStyle.Block } scalar)
        {
            if (key is not YamlUnreadable)
                problems.KeyIsNotText(key.Start);
        }
        else if (mapping.Find(scalar.Text) is { } earlier)
            problems.DuplicateKey(scalar, earlier.Key.Start);
        else
            mapping.Add(new(scalar, value));
    }

    bool Enter(YamlCollection collection)
    {
        if (open.Count < MaxDepth)
        {
            open.Push(collection);
            return true;
        }
        if (StoppedAtLine == 0)
            problems.NestedTooDeeply(collection.Start, MaxDepth);
        Stop(collection.Start);
        collection.CutShort();
        return false;
    }

    ParsingEvent? NextInside<TEnd>(YamlCollection collection) where TEnd : ParsingEvent
    {
        var parsed = Next();
        if (parsed is null)
            collection.CutShort();
        if (parsed is not TEnd)
            return parsed;
        collection.CloseAt(StartOf(parsed));
        return null;
    }

    // YamlDotNet throws YamlException and, for some texts, InvalidOperationException, ArgumentException and others.
#pragma warning disable CA1031 // Whatever it throws, the text is at fault as far as the user can tell, and the place is known.
    ParsingEvent? Next()
    {
        if (StoppedAtLine > 0)
            return null;
        try
        {
            if (!parser.MoveNext() || parser.Current is not { } parsed)
                return null;
            reached = EndOf(parsed);
            return parsed;
        }
        catch (Exception e)
        {
            // For some mistakes, such as a tab as indentation, its mark is the start of the text; where reading stood says more.
            var at = e is YamlException yaml && yaml.Start.Index >= reached.Offset ? ToPosition(yaml.Start) : reached;
            var opened = open.LastOrDefault(collection => collection.IsFlow);
            problems.Syntax(at, e is YamlException ? e.Message : "the YAML reader gave up here", opened?.Start);
            Stop(opened?.Start ?? at);
            return null;
        }
    }
#pragma warning restore CA1031

    void Stop(Position at)
    {
        if (StoppedAtLine == 0)
            StoppedAtLine = at.Line;
    }

    static YamlScalarStyle StyleOf(Scalar scalar) => scalar.Style switch
    {
        ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => YamlScalarStyle.Quoted,
        ScalarStyle.Literal or ScalarStyle.Folded => YamlScalarStyle.Block,
        _ => YamlScalarStyle.Plain,
    };

    static Position StartOf(ParsingEvent parsed) => ToPosition(parsed.Start);
    static Position EndOf(ParsingEvent parsed) => ToPosition(parsed.End);
    static Position ToPosition(in Mark mark) => new((int)mark.Line, (int)mark.Column, (int)mark.Index);
}
