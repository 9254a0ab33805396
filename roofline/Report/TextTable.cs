namespace MlPerfEdu.Roofline.Report;

/// <summary>A Markdown table whose columns also line up as plain text. The first columns are words, the others numbers.</summary>
public sealed class TextTable(int wordColumns, params string[] header)
{
    readonly List<string[]> rows = [];

    public TextTable Row(params string[] cells)
    {
        if (cells.Length != header.Length)
            throw new ArgumentException($"A row has {cells.Length} cells, the table {header.Length} columns; give one cell per column.", nameof(cells));
        rows.Add([.. cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))]);
        return this;
    }

    public override string ToString()
    {
        var widths = header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Append(3).Max()).ToArray();
        var text = new StringBuilder();
        Line(text, header, widths);
        text.Append('|').AppendJoin('|', widths.Select(Rule)).Append("|\n");
        foreach (var row in rows)
            Line(text, row, widths);
        return text.ToString();
    }

    string Rule(int width, int column) => column < wordColumns
        ? new string('-', width + 2)
        : new string('-', width + 1) + ':';

    void Line(StringBuilder text, string[] cells, int[] widths) => text
        .Append("| ")
        .AppendJoin(" | ", cells.Select((cell, column) => column < wordColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))
        .Append(" |\n");
}
