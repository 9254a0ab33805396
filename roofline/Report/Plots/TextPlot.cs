namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>A plot in characters: no colour, so every line has a small letter and every point a capital one.</summary>
static class TextPlot
{
    public const int UsualRows = 18;
    const int MostTicksUp = 6;
    const int ColumnsPerTick = 12;
    const int NarrowestCanvas = 20;

    public static string Render(Plot plot, int width, bool unicode, int rows = UsualRows)
    {
        var ticks = plot.Y.Ticks(Math.Min(MostTicksUp, rows / 2)).ToDictionary(tick => rows - 1 - (int)Math.Round(plot.Y.Fraction(tick) * (rows - 1)), plot.Y.Format);
        var margin = ticks.Values.Select(tick => tick.Length).DefaultIfEmpty(0).Max() + 1;
        var columns = Math.Max(width - margin - 2, NarrowestCanvas);
        var canvas = new TextCanvas(columns, rows, unicode);
        Draw(plot, canvas);

        var (side, corner, floor) = unicode ? ('│', '└', '─') : ('|', '+', '-');
        var text = new StringBuilder().Append(Shown(plot.Title)).Append("\n\n").Append(Shown(plot.Y.Label)).Append('\n');
        for (var row = 0; row < rows; row++)
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

    static void Draw(Plot plot, TextCanvas canvas)
    {
        foreach (var (from, to) in plot.Lines.SelectMany(line => line.Pieces))
            canvas.Line(At(from.X, from.Y), At(to.X, to.Y));
        foreach (var point in plot.Points)
            canvas.Line(At(point.X, point.Y.Low), At(point.X, point.Y.High));
        foreach (var (index, point) in plot.Points.Index())
            canvas.Letter(At(point.X, point.Y.Middle), Capital(index));
        foreach (var (index, line) in plot.Lines.Index())
            canvas.Letter(At(line.Points[0].X, line.Points[0].Y), Small(index));
        foreach (var (index, band) in plot.Bands.Index())
            canvas.Letter((plot.X.Fraction(band.X.Middle), 0), Digit(index));

        (double X, double Y) At(double x, double y) => (plot.X.Fraction(x), plot.Y.Fraction(y));
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

/// <summary>A grid of characters: lines of Braille dots, or of one sign per character in ASCII.</summary>
sealed class TextCanvas(int columns, int rows, bool unicode)
{
    const int DotsAcross = 2;
    const int DotsUp = 4;
    const char EmptyBraille = '\u2800';
    const char AsciiDot = '.';

    // The dots of a Braille character from its left upper to its right lower one.
    static readonly int[,] Dots = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    readonly int[,] dots = new int[rows, columns];
    readonly char[,] letters = new char[rows, columns];

    /// <summary>Both from 0 to 1, from the left lower corner.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to)
    {
        var ((x1, y1), (x2, y2)) = (from, to);
        var (across, up) = (columns * DotsAcross - 1, rows * DotsUp - 1);
        var steps = (int)Math.Max(Math.Max(Math.Abs(x2 - x1) * across, Math.Abs(y2 - y1) * up), 1);
        for (var step = 0; step <= steps; step++)
        {
            var part = (double)step / steps;
            var (x, y) = ((int)Math.Round((x1 + part * (x2 - x1)) * across), up - (int)Math.Round((y1 + part * (y2 - y1)) * up));
            dots[y / DotsUp, x / DotsAcross] |= Dots[y % DotsUp, x % DotsAcross];
        }
    }

    /// <summary>Written over the lines; where a letter stands already, in the next free place of the row.</summary>
    public void Letter((double X, double Y) place, char letter)
    {
        var (column, row) = ((int)Math.Round(place.X * (columns - 1)), rows - 1 - (int)Math.Round(place.Y * (rows - 1)));
        for (var away = 0; away < columns; away++)
        {
            foreach (var free in new[] { column + away, column - away })
            {
                if (free < 0 || free >= columns || letters[row, free] != 0)
                    continue;
                letters[row, free] = letter;
                return;
            }
        }
    }

    public string Row(int row) => new([.. Enumerable.Range(0, columns).Select(column => Shown(row, column))]);

    char Shown(int row, int column) => (letters[row, column], dots[row, column]) switch
    {
        (not '\0' and var letter, _) => letter,
        (_, 0) => ' ',
        (_, var mask) => unicode ? (char)(EmptyBraille + mask) : AsciiDot,
    };
}

/// <summary>Spells the few signs of our own texts that are not ASCII in ASCII.</summary>
static class Ascii
{
    static readonly (string Sign, string Spelling)[] Signs = [("µ", "u"), ("×", "x"), ("→", "->"), ("≥", ">="), ("≤", "<=")];

    public static string Of(string text)
    {
        foreach (var (sign, spelling) in Signs)
            text = text.Replace(sign, spelling, StringComparison.Ordinal);
        return new([.. text.Select(letter => char.IsAscii(letter) ? letter : '?')]);
    }
}
