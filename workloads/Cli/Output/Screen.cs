using Spectre.Console;

namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>
/// One output stream for people. Whatever comes here is made safe first, and is text, never Spectre's markup.
/// Off a terminal it is plain: no escape sequence, and a table row stays on one line however long it is.
/// </summary>
sealed class Screen
{
    const int Unbounded = 100_000;

    readonly TextWriter _writer;
    readonly IAnsiConsole _console;

    public Screen(TextWriter writer, bool isTerminal, bool usesColor)
    {
        _writer = writer;
        IsTerminal = isTerminal;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && usesColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
            _console.Profile.Width = Unbounded;
    }

    public bool IsTerminal { get; }

    public IAnsiConsole Console => _console;

    public void Line(string text = "", Tone tone = Tone.Plain)
    {
        var safe = SafeText.Lines(text);
        // A terminal breaks long lines itself; Spectre's own breaks would end up in what people copy.
        if (tone == Tone.Plain || !IsTerminal)
            _writer.WriteLine(safe);
        else
            _console.WriteLine(safe, Styles.Of(tone));
    }

    public void Table(Grid grid)
    {
        if (IsTerminal)
            _console.Write(Draw(grid));
        else
            _writer.Write(Plain(grid));
    }

    static Table Draw(Grid grid)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (heading, right) in grid.Headings.Zip(grid.ToTheRight))
            table.AddColumn(new TableColumn(new Text(SafeText.Line(heading), new Style(decoration: Decoration.Bold))) { Alignment = right ? Justify.Right : Justify.Left });
        foreach (var row in grid.Rows)
            table.AddRow(row.Select(cell => new Text(SafeText.Line(cell.Text), Styles.Of(cell.Tone))));
        return table;
    }

    static string Plain(Grid grid)
    {
        List<IReadOnlyList<string>> lines = [grid.Headings, .. grid.Rows.Select(row => row.Select(cell => SafeText.Line(cell.Text)).ToList())];
        var widths = grid.Headings.Select((_, column) => lines.Max(line => line[column].Length)).ToList();
        return string.Concat(lines.Select(line => string.Join("  ", line.Select(Padded)).TrimEnd() + '\n'));

        string Padded(string text, int column) => grid.ToTheRight[column] ? text.PadLeft(widths[column]) : text.PadRight(widths[column]);
    }
}
