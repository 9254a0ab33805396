namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>A piece of a table; the tone is shown only where colours are.</summary>
readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);

    public static Cell FromString(string text) => new(text);
}

/// <summary>A table before it is drawn. A heading that begins with '>' aligns its column to the right. Cells hold safe text only.</summary>
sealed class Grid(params string[] headings)
{
    // What the borders of a drawn table add to each column, and once more at its end.
    const int Border = 3;

    readonly List<IReadOnlyList<Cell>> _rows = [];

    public IReadOnlyList<string> Headings { get; } = [.. headings.Select(heading => heading.TrimStart('>'))];

    public IReadOnlyList<bool> RightAligned { get; } = [.. headings.Select(heading => heading.StartsWith('>'))];

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

        string Padded(string text, int column) => RightAligned[column] ? text.PadLeft(widths[column]) : text.PadRight(widths[column]);
    }
}

/// <summary>A number as a bar of a table, on a logarithmic scale that all rows share.</summary>
sealed class Bar
{
    const int Longest = 40;

    readonly double _low;
    readonly double _decades;

    public Bar(IEnumerable<double> values)
    {
        var known = values.Where(value => value > 0 && double.IsFinite(value)).DefaultIfEmpty(1).ToList();
        _low = Math.Log10(known.Min());
        _decades = Math.Log10(known.Max()) - _low;
    }

    public string Of(double value)
    {
        if (!(value > 0 && double.IsFinite(value)))
            return "";
        var share = _decades > 0 ? (Math.Log10(value) - _low) / _decades : 0;
        return new string('#', 1 + (int)Math.Round(share * (Longest - 1)));
    }
}
