using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MlPerfEdu.Data;

/// <summary>Plain YAML only: one document, no anchors, aliases or tags, bounded depth. Duplicate keys are left for the caller to see.</summary>
public sealed class YamlReader
{
    const int MostLevels = 12;
    readonly Parser _parser;
    readonly CatalogProblems _problems;

    YamlReader(Parser parser, CatalogProblems problems) => (_parser, _problems) = (parser, problems);

    /// <summary>The document's root, or null when it cannot be read; then a problem says why.</summary>
    public static YamlNode? Read(string text, CatalogProblems problems)
    {
        var reader = new YamlReader(new Parser(new StringReader(text)), problems);
        try
        {
            reader._parser.Consume<StreamStart>();
            if (!reader._parser.Accept<DocumentStart>(out _))
            {
                problems.NotReadable(1, 1, "an empty file");
                return null;
            }
            reader._parser.Consume<DocumentStart>();
            var root = reader.Node(0);
            reader._parser.Consume<DocumentEnd>();
            if (reader._parser.TryConsume<DocumentStart>(out var second)) problems.NotReadable(Line(second), Column(second), "a second document");
            return root;
        }
        catch (YamlException e)
        {
            problems.NotReadable((int)e.Start.Line, (int)e.Start.Column, e.Message);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet throws for some unclosed brackets, without saying where; what it read last ends just before.
            var reached = reader._parser.Current?.End ?? Mark.Empty;
            problems.NotReadable((int)reached.Line, (int)reached.Column, "a bracket or a quote without its end");
            return null;
        }
    }

    YamlNode Node(int level)
    {
        if (level > MostLevels) throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"nested deeper than {MostLevels} levels");
        switch (_parser.Consume<ParsingEvent>())
        {
            case Scalar s:
                Plain(s);
                return new YamlText(Line(s), Column(s), s.Value, s.Style != ScalarStyle.Plain);
            case SequenceStart s:
                Plain(s);
                var items = new List<YamlNode>();
                while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(level + 1));
                return new YamlList(Line(s), Column(s), items);
            case MappingStart s:
                Plain(s);
                var entries = new List<(YamlText, YamlNode)>();
                while (!_parser.TryConsume<MappingEnd>(out _))
                {
                    var key = Node(level + 1);
                    var value = Node(level + 1);
                    if (key is YamlText text) entries.Add((text, value));
                    else _problems.WrongValue(key, "a key", key.Kind, "plain text");
                }
                return new YamlMap(Line(s), Column(s), entries);
            case var other:
                throw new YamlException(other.Start, other.End, "an alias; write the value out");
        }
    }

    void Plain(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty || !node.Tag.IsEmpty) _problems.NotReadable(Line(node), Column(node), "an anchor or a tag; write the value plainly");
    }

    static int Line(ParsingEvent e) => (int)e.Start.Line;
    static int Column(ParsingEvent e) => (int)e.Start.Column;
}
