using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MlPerfEdu.Data;

/// <summary>A piece of YAML with its position.</summary>
public abstract record YamlNode(int Line, int Column)
{
    public abstract string Kind { get; }
}

public sealed record YamlText(int Line, int Column, string Value, bool Quoted) : YamlNode(Line, Column)
{
    public override string Kind => Value.Length == 0 && !Quoted ? "nothing" : $"'{Shorten(Value)}'";

    static string Shorten(string value) => (value.Length <= 60 ? value : value[..57] + "...").ReplaceLineEndings(" ");
}

public sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column)
{
    public override string Kind => "a list";
}

public sealed record YamlMap(int Line, int Column, IReadOnlyList<(YamlText Key, YamlNode Value)> Entries) : YamlNode(Line, Column)
{
    public override string Kind => "a mapping";
}

/// <summary>Plain YAML only: one document, no anchors, aliases or tags, bounded depth. Duplicate keys are left to the caller.</summary>
sealed class YamlReader(string text, CatalogProblems problems)
{
    const int MostLevels = 12;
    readonly Parser parser = new(new StringReader(text));

    /// <summary>The document's root, or null when it cannot be read; then a problem says why.</summary>
    public static YamlNode? Read(string text, CatalogProblems problems) => new YamlReader(text, problems).Document();

    YamlNode? Document()
    {
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                problems.NotReadable(1, 1, "an empty file");
                return null;
            }
            var root = Node(0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second)) problems.NotReadable(Line(second), Column(second), "a second document");
            return root;
        }
        catch (YamlException e)
        {
            problems.NotReadable((int)e.Start.Line, (int)e.Start.Column, e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet throws for some unclosed brackets, without a position; what it read last ends just before.
            var reached = parser.Current?.End ?? Mark.Empty;
            problems.NotReadable((int)reached.Line, (int)reached.Column, "a bracket or a quote without its end");
        }
        return null;
    }

    YamlNode Node(int level)
    {
        if (level > MostLevels)
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"nested deeper than {MostLevels} levels");
        var parsed = parser.Consume<ParsingEvent>();
        if (parsed is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
            problems.NotReadable(Line(parsed), Column(parsed), "an anchor or a tag; write the value plainly");
        switch (parsed)
        {
            case Scalar s:
                return new YamlText(Line(s), Column(s), s.Value, s.Style != ScalarStyle.Plain);
            case SequenceStart s:
                var items = new List<YamlNode>();
                while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(level + 1));
                return new YamlList(Line(s), Column(s), items);
            case MappingStart s:
                var entries = new List<(YamlText, YamlNode)>();
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    var (key, value) = (Node(level + 1), Node(level + 1));
                    if (key is YamlText text) entries.Add((text, value));
                    else problems.WrongValue(key, "a key", key.Kind, "plain text");
                }
                return new YamlMap(Line(s), Column(s), entries);
            default:
                throw new YamlException(parsed.Start, parsed.End, "an alias; write the value out");
        }
    }

    static int Line(ParsingEvent e) => (int)e.Start.Line;
    static int Column(ParsingEvent e) => (int)e.Start.Column;
}
