namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>Characters to draw on: lines of Braille dots, or of one sign per character where only ASCII is shown.</summary>
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
    public void Line(double x1, double y1, double x2, double y2)
    {
        var (across, up) = (columns * DotsAcross - 1, rows * DotsUp - 1);
        var steps = (int)Math.Max(Math.Max(Math.Abs(x2 - x1) * across, Math.Abs(y2 - y1) * up), 1);
        for (var step = 0; step <= steps; step++)
        {
            var part = (double)step / steps;
            var (x, y) = ((int)Math.Round((x1 + part * (x2 - x1)) * across), up - (int)Math.Round((y1 + part * (y2 - y1)) * up));
            dots[y / DotsUp, x / DotsAcross] |= Dots[y % DotsUp, x % DotsAcross];
        }
    }

    /// <summary>Written over what is drawn; where a letter stands already, in the next free place of the row.</summary>
    public void Letter(double x, double y, char letter)
    {
        var (column, row) = ((int)Math.Round(x * (columns - 1)), rows - 1 - (int)Math.Round(y * (rows - 1)));
        for (var away = 0; away < columns; away++)
        {
            foreach (var place in new[] { column + away, column - away })
            {
                if (place < 0 || place >= columns || letters[row, place] != 0)
                    continue;
                letters[row, place] = letter;
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
