namespace MlPerfEdu.Data;

/// <summary>A grey picture from 0 to 1 with soft-edged drawing.</summary>
sealed class Canvas(int width, int height)
{
    public int Width => width;
    public int Height => height;
    public double[] Values { get; } = new double[width * height];

    public static byte ToByte(double value) => (byte)(Math.Clamp(value, 0, 1) * 255 + 0.5);

    /// <summary>A stroke with round ends; where strokes overlap the stronger one shows.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to, double halfWidth, double ink)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length2 = dx * dx + dy * dy;
        var reach = halfWidth + 1;
        var (left, right) = Range(from.X, to.X, reach, width);
        var (top, bottom) = Range(from.Y, to.Y, reach, height);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var along = length2 > 0 ? Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / length2, 0, 1) : 0;
                var (ex, ey) = (x - from.X - along * dx, y - from.Y - along * dy);
                var cover = Math.Clamp(halfWidth + 0.5 - Math.Sqrt(ex * ex + ey * ey), 0, 1) * ink;
                ref var value = ref Values[y * width + x];
                if (cover > value) value = cover;
            }
        }
    }

    static (int First, int Last) Range(double a, double b, double reach, int size) =>
        (Math.Max(0, (int)Math.Floor(Math.Min(a, b) - reach)), Math.Min(size - 1, (int)Math.Ceiling(Math.Max(a, b) + reach)));
}
