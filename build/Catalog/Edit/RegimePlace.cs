namespace MlPerfEdu.Generator;

/// <summary>Finds the place of a regime block in a text and lays the block out for it.</summary>
internal sealed class RegimePlace(string text)
{
    // The block goes below what it judges and above prose. Every entry has params, and a number is never a block of text.
    static readonly string[] Anchors = ["budget", "data", "params"];

    readonly string lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    public string InsertIntoBrackets(YamlMapping flow, string pair) => text.Insert(flow.Start.Offset + 1, $" {pair},");

    /// <summary>Adds a class beside others, at their column.</summary>
    public string AddClass(YamlMapping classes, RegimeSpelling spelled) =>
        InsertLines(LineAfter(classes.LastEnd), spelled.Lines, classes.Start.Column - 1);

    /// <summary>Adds a class below a key that has none yet.</summary>
    public string AddFirstClass(YamlScalar key, RegimeSpelling spelled) =>
        InsertLines(LineAfter(key.LastEnd), spelled.Lines, key.Start.Column + 1);

    /// <summary>Adds the key and a class to an entry that has no regime.</summary>
    public string AddRegime(YamlMapping entry, RegimeSpelling spelled)
    {
        var anchor = Anchors.Select(entry.Find).First(pair => pair is not null && !EndsInBlockText(pair.Value))!;
        var lines = spelled.Lines.Select(line => "  " + line).Prepend("regime:");
        return InsertLines(LineAfter(anchor.Value.LastEnd), lines, entry.Start.Column - 1);
    }

    /// <summary>The text without a value; blanks that would be left at the end of the line go too.</summary>
    public string Without(int start, int end)
    {
        var atLineEnd = end == text.Length || text[end] is '\r' or '\n';
        var kept = text[..start];
        return (atLineEnd ? kept.TrimEnd(' ') : kept) + text[end..];
    }

    string InsertLines(int offset, IEnumerable<string> lines, int indent)
    {
        var block = string.Concat(lines.Select(line => new string(' ', indent) + line + lineEnd));
        // Where the text ends without a line end, one goes before the block instead of after it.
        var endsOpen = offset == text.Length && !text.EndsWith('\n');
        return text.Insert(offset, endsOpen ? lineEnd + block[..^lineEnd.Length] : block);
    }

    // The start of the line that follows, behind any comment; the end of the text on the last line.
    int LineAfter(Position end)
    {
        // A block of text ends where the next key begins, which is too far.
        var last = end.Offset;
        while (last > 0 && char.IsWhiteSpace(text[last - 1]))
            last--;
        var lineFeed = text.IndexOf('\n', last);
        return lineFeed < 0 ? text.Length : lineFeed + 1;
    }

    static bool EndsInBlockText(YamlNode node) => node switch
    {
        YamlScalar scalar => scalar.Style == YamlScalarStyle.Block,
        YamlMapping { IsFlow: false, Pairs: [.., var last] } => EndsInBlockText(last.Value),
        YamlSequence { IsFlow: false, Items: [.., var last] } => EndsInBlockText(last),
        _ => false,
    };
}
