using System.Text;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>A plot in characters: no colour, so every line has a small letter and every point a capital one.</summary>
public static class TextPlot
{
    const int Rows = 18;
    const int MostTicksUp = 6;
    const int ColumnsPerTick = 12;
    const int NarrowestCanvas = 20;

    public static string Render(Plot plot, int width, bool unicode)
    {
        var ticks = plot.Y.Ticks(MostTicksUp).ToDictionary(tick => RowOf(plot.Y.Fraction(tick)), plot.Y.Format);
        var margin = ticks.Values.Select(tick => tick.Length).DefaultIfEmpty(0).Max() + 1;
        var columns = Math.Max(width - margin - 2, NarrowestCanvas);
        var canvas = new TextCanvas(columns, Rows, unicode);
        Draw(plot, canvas);

        var (side, corner, floor) = unicode ? ('│', '└', '─') : ('|', '+', '-');
        var text = new StringBuilder().Append(Shown(plot.Title)).Append("\n\n").Append(Shown(plot.Y.Label)).Append('\n');
        for (var row = 0; row < Rows; row++)
        {
            var tick = Shown(ticks.GetValueOrDefault(row, ""));
            text.Append(tick.PadLeft(margin)).Append(side).Append(canvas.Row(row).TrimEnd()).Append('\n');
        }

        text.Append(' ', margin).Append(corner).Append(floor, columns).Append('\n');
        text.Append(' ', margin + 1).Append(Ruler(plot.X, columns)).Append("  ").Append(Shown(plot.X.Label)).Append('\n');
        foreach (var entry in Legend(plot))
            text.Append("  ").Append(Shown(entry)).Append('\n');
        return text.ToString();

        string Shown(string words) => unicode ? words : Ascii.Of(words);
    }

    static int RowOf(double fraction) => Rows - 1 - (int)Math.Round(fraction * (Rows - 1));

    static void Draw(Plot plot, TextCanvas canvas)
    {
        foreach (var line in plot.Lines)
        {
            foreach (var (from, to) in line.Points.Zip(line.Points.Skip(1)))
                canvas.Line(X(from.X), Y(from.Y), X(to.X), Y(to.Y));
        }

        foreach (var point in plot.Points)
            canvas.Line(X(point.X), Y(point.Y.Low), X(point.X), Y(point.Y.High));
        for (var index = 0; index < plot.Points.Count; index++)
            canvas.Letter(X(plot.Points[index].X), Y(plot.Points[index].Y.Middle), Capital(index));
        for (var index = 0; index < plot.Lines.Count; index++)
            canvas.Letter(X(plot.Lines[index].Points[0].X), Y(plot.Lines[index].Points[0].Y), Small(index));
        for (var index = 0; index < plot.Bands.Count; index++)
            canvas.Letter(X(plot.Bands[index].X.Middle), 0, Digit(index));

        double X(double value) => Math.Clamp(plot.X.Fraction(value), 0, 1);

        double Y(double value) => Math.Clamp(plot.Y.Fraction(value), 0, 1);
    }

    // A tick's text ends no later than the axis and begins two columns after the text before it.
    static string Ruler(Axis axis, int columns)
    {
        var ruler = new StringBuilder();
        foreach (var tick in axis.Ticks(Math.Max(columns / ColumnsPerTick, 2)))
        {
            var text = axis.Format(tick);
            var place = Math.Min((int)Math.Round(axis.Fraction(tick) * (columns - 1)) - text.Length / 2, columns - text.Length);
            if (place >= (ruler.Length == 0 ? 0 : ruler.Length + 2))
                ruler.Append(' ', place - ruler.Length).Append(text);
        }

        return ruler.ToString();
    }

    static IEnumerable<string> Legend(Plot plot) =>
    [
        .. plot.Points.Select((point, index) => $"{Capital(index)} {point.Name}"),
        .. plot.Lines.Select((line, index) => $"{Small(index)} {line.Name}"),
        .. plot.Bands.Select((band, index) => $"{Digit(index)} {band.Name}"),
    ];

    static char Capital(int index) => (char)('A' + index % 26);

    static char Small(int index) => (char)('a' + index % 26);

    static char Digit(int index) => (char)('1' + index % 9);
}
