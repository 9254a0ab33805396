namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>A table before it is drawn. A heading that begins with '>' aligns its column to the right. Cells hold safe text only.</summary>
sealed class Grid(params string[] headings)
{
    // What the borders of a drawn table add to each column, and once more at its end.
    const int Border = 3;

    readonly List<IReadOnlyList<Cell>> _rows = [];

    public IReadOnlyList<string> Headings { get; } = [.. headings.Select(heading => heading.TrimStart('>'))];

    public IReadOnlyList<bool> ToTheRight { get; } = [.. headings.Select(heading => heading.StartsWith('>'))];

    public IReadOnlyList<IReadOnlyList<Cell>> Rows => _rows;

    /// <summary>Columns of a terminal that the table needs.</summary>
    public int Width => Widths.Sum(width => width + Border) + 1;

    int[] Widths => [.. Headings.Select((heading, column) => _rows.Select(row => row[column].Text.Length).Append(heading.Length).Max())];

    public void Add(params Cell[] cells) => _rows.Add([.. cells.Select(cell => cell with { Text = SafeText.Line(cell.Text) })]);

    /// <summary>Plain: two spaces between columns, one line per row.</summary>
    public override string ToString()
    {
        var widths = Widths;
        var lines = _rows.Select(row => row.Select(cell => cell.Text)).Prepend(Headings);
        return string.Concat(lines.Select(line => string.Join("  ", line.Select(Padded)).TrimEnd() + '\n'));

        string Padded(string text, int column) => ToTheRight[column] ? text.PadLeft(widths[column]) : text.PadRight(widths[column]);
    }
}
