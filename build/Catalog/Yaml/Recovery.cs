namespace MlPerfEdu.Generator;

/// <summary>Takes a block that is not YAML out of a text, so that the blocks after it can be checked too.</summary>
internal static class Recovery
{
    // Entries of a suite stand at four columns; anything further out that is broken hides too much to guess.
    const int EntryIndent = 4;

    /// <summary>
    /// The text with the block around a line emptied, its key kept and every line in its place; null when there is no such
    /// block or it is empty already. Its lines are added to <paramref name="damaged"/>.
    /// </summary>
    public static string? BlankBlock(string text, int line, ISet<int> damaged)
    {
        var lines = text.Split('\n');
        var first = Math.Min(line, lines.Length) - 1;
        while (first >= 0 && !IsBlockKey(lines[first]))
            first--;
        if (first < 0)
            return null;
        var changed = false;
        var last = first;
        for (var i = first; i < lines.Length && (i == first || IsInside(lines[i])); i++)
        {
            var rest = i == first ? lines[i][..(lines[i].IndexOf(':') + 1)] : "";
            changed |= lines[i].TrimEnd() != rest;
            lines[i] = rest;
            last = i;
        }
        damaged.UnionWith(Enumerable.Range(first + 1, last - first + 1));
        return changed ? string.Join('\n', lines) : null;
    }

    static bool IsBlockKey(string line) =>
        line.Length > EntryIndent && line.AsSpan(0, EntryIndent).IsWhiteSpace() && IsWord(line[EntryIndent]) && line.Contains(':');

    static bool IsInside(string line) => string.IsNullOrWhiteSpace(line) || IndentOf(line) > EntryIndent;

    static int IndentOf(string line) => line.Length - line.TrimStart().Length;

    static bool IsWord(char first) => char.IsAsciiLetterOrDigit(first) || first is '_' or '"' or '\'';
}
