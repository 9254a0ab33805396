using Spectre.Console;

namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>
/// One output stream for people. Whatever comes here is made safe first, and is text, never Spectre's markup.
/// Off a terminal, and where NO_COLOR is set, it is plain: no escape sequence, nothing drawn over.
/// </summary>
sealed class Screen
{
    readonly TextWriter _writer;
    readonly IAnsiConsole _console;

    /// <param name="width">Columns that a line may take; null off a terminal, where a row stays on one line however long it is.</param>
    public Screen(TextWriter writer, int? width, bool isPlain)
    {
        _writer = writer;
        Width = width;
        IsPlain = isPlain;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (width is { } columns)
            _console.Profile.Width = columns;
    }

    public bool IsPlain { get; }

    public int? Width { get; }

    public IAnsiConsole Console => _console;

    public void Line(string text = "", Tone tone = Tone.Plain)
    {
        var safe = SafeText.Lines(text);
        // A terminal breaks long lines itself; Spectre's own breaks would end up in what people copy.
        if (tone == Tone.Plain || IsPlain)
            _writer.WriteLine(safe);
        else
            _console.Write(new Unbroken(safe, Styles.Of(tone)));
    }

    public void Table(Grid grid)
    {
        if (Width < grid.Width)
            Stack(grid);
        else if (IsPlain)
            _writer.Write(grid.ToString());
        else
            _console.Write(Draw(grid));
    }

    static Table Draw(Grid grid)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (heading, right) in grid.Headings.Zip(grid.ToTheRight))
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))) { Alignment = right ? Justify.Right : Justify.Left });
        foreach (var row in grid.Rows)
            table.AddRow(row.Select(cell => new Text(cell.Text, Styles.Of(cell.Tone))));
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
}
