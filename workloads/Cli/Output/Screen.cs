using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlPerfEdu.Cli.Output;

enum Tone { Plain, Good, Warning, Bad, Faint }

/// <summary>
/// One output stream for people. All text is made safe first, and is text, never Spectre's markup.
/// Off a terminal, and where NO_COLOR is set, it is plain: no escape sequence, nothing drawn over.
/// </summary>
sealed class Screen
{
    readonly TextWriter writer;

    /// <param name="width">Columns that a line may take; null off a terminal, where a row stays on one line however long it is.</param>
    public Screen(TextWriter writer, int? width, bool isPlain)
    {
        this.writer = writer;
        Width = width;
        IsPlain = isPlain;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (width is { } columns)
            Console.Profile.Width = columns;
    }

    public bool IsPlain { get; }
    public int? Width { get; }
    public IAnsiConsole Console { get; }

    public void Line(string text = "", Tone tone = Tone.Plain)
    {
        var safe = SafeText.Lines(text);
        // A terminal breaks long lines itself; Spectre's own breaks would end up in what people copy.
        if (tone == Tone.Plain || IsPlain)
            writer.WriteLine(safe);
        else
            Console.Write(new Unbroken(safe, StyleOf(tone)));
    }

    /// <summary>Names and their values under a heading, without those that are null; nothing when there are none.</summary>
    public void Facts(string heading, IEnumerable<(string Name, string? Value)> facts)
    {
        var rows = facts.Where(fact => fact.Value is not null).ToList();
        if (rows.Count == 0)
            return;
        Line();
        Line(heading);
        var width = rows.Max(row => row.Name.Length);
        foreach (var (name, value) in rows)
            Line($"  {name.PadRight(width)}  {value}");
    }

    public void Table<T>(string[] headings, IEnumerable<T> items, Func<T, Cell[]> cells)
    {
        var grid = new Grid(headings);
        foreach (var item in items)
            grid.Add(cells(item));
        Table(grid);
    }

    public void Table(Grid grid)
    {
        if (Width < grid.Width)
            Stack(grid);
        else if (IsPlain)
            writer.Write(grid.ToString());
        else
            Console.Write(Bordered(grid));
    }

    static Table Bordered(Grid grid)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (heading, right) in grid.Headings.Zip(grid.RightAligned))
        {
            var bold = new Text(heading, new Style(decoration: Decoration.Bold));
            table.AddColumn(new TableColumn(bold) { Alignment = right ? Justify.Right : Justify.Left });
        }
        foreach (var row in grid.Rows)
            table.AddRow(row.Select(cell => new Text(cell.Text, StyleOf(cell.Tone))));
        return table;
    }

    // A table that does not fit: each row becomes a paragraph, which reads well at any width.
    void Stack(Grid grid)
    {
        var label = grid.Headings.Max(heading => heading.Length);
        foreach (var row in grid.Rows)
        {
            Line(row[0].Text, row[0].Tone);
            foreach (var (heading, cell) in grid.Headings.Zip(row).Skip(1).Where(pair => pair.Second.Text.Length > 0))
                Line($"  {heading.PadRight(label)}  {cell.Text}", cell.Tone);
        }
    }

    static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        Tone.Faint => new Style(decoration: Decoration.Dim),
        _ => Style.Plain,
    };

    /// <summary>A styled line that Spectre must not wrap.</summary>
    sealed class Unbroken(string text, Style style) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);
        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text, style), Segment.LineBreak];
    }
}

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

    readonly List<IReadOnlyList<Cell>> rows = [];

    public IReadOnlyList<string> Headings { get; } = [.. headings.Select(heading => heading.TrimStart('>'))];
    public IReadOnlyList<bool> RightAligned { get; } = [.. headings.Select(heading => heading.StartsWith('>'))];
    public IReadOnlyList<IReadOnlyList<Cell>> Rows => rows;
    public int Width => Widths.Sum(width => width + Border) + 1;
    int[] Widths => [.. Headings.Select((heading, column) => rows.Select(row => row[column].Text.Length).Append(heading.Length).Max())];
    public void Add(params Cell[] cells) => rows.Add([.. cells.Select(cell => cell with { Text = SafeText.Line(cell.Text) })]);

    /// <summary>Plain: two spaces between columns, one line per row.</summary>
    public override string ToString()
    {
        var widths = Widths;
        var lines = rows.Select(row => row.Select(cell => cell.Text)).Prepend(Headings);
        return string.Concat(lines.Select(line => string.Join("  ", line.Select(Padded)).TrimEnd() + '\n'));

        string Padded(string text, int column) => RightAligned[column] ? text.PadLeft(widths[column]) : text.PadRight(widths[column]);
    }
}

/// <summary>Numbers as bars of a table, on a logarithmic scale that all rows share.</summary>
static class Bar
{
    const int Longest = 40;

    public static Func<double, string> For(IEnumerable<double> values)
    {
        var known = values.Where(IsDrawn).DefaultIfEmpty(1).ToList();
        var low = Math.Log10(known.Min());
        var decades = Math.Log10(known.Max()) - low;
        return value => IsDrawn(value)
            ? new string('#', 1 + (int)Math.Round((decades > 0 ? (Math.Log10(value) - low) / decades : 0) * (Longest - 1)))
            : "";
    }

    static bool IsDrawn(double value) => value > 0 && double.IsFinite(value);
}
