namespace MlPerfEdu.Data;

/// <summary>A grey picture from 0 to 1; shapes have soft edges one pixel wide and cover what is below them.</summary>
sealed class Canvas(int width, int height)
{
    public int Width => width;
    public int Height => height;
    public double[] Values { get; } = new double[width * height];

    public static byte ToByte(double value) => (byte)(Math.Clamp(value, 0, 1) * 255 + 0.5);

    /// <summary>A stroke with round ends.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to, double halfWidth, double ink)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length2 = dx * dx + dy * dy;
        var (left, right) = Range(from.X, to.X, halfWidth + 1, width);
        var (top, bottom) = Range(from.Y, to.Y, halfWidth + 1, height);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var along = length2 > 0 ? Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / length2, 0, 1) : 0;
                var (ex, ey) = (x - from.X - along * dx, y - from.Y - along * dy);
                Cover(x, y, halfWidth + 0.5 - Math.Sqrt(ex * ex + ey * ey), ink);
            }
        }
    }

    public void Ellipse(double centreX, double centreY, double radiusX, double radiusY, double ink)
    {
        var (left, right) = Range(centreX, centreX, radiusX + 1, width);
        var (top, bottom) = Range(centreY, centreY, radiusY + 1, height);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var (u, v) = ((x - centreX) / radiusX, (y - centreY) / radiusY);
                Cover(x, y, 0.5 + (1 - Math.Sqrt(u * u + v * v)) * Math.Min(radiusX, radiusY), ink);
            }
        }
    }

    public void Box(double left, double top, double right, double bottom, double ink)
    {
        var (firstX, lastX) = Range(left, right, 1, width);
        var (firstY, lastY) = Range(top, bottom, 1, height);
        for (var y = firstY; y <= lastY; y++)
            for (var x = firstX; x <= lastX; x++)
                Cover(x, y, 0.5 + Math.Min(Math.Min(x - left, right - x), Math.Min(y - top, bottom - y)), ink);
    }

    void Cover(int x, int y, double share, double ink)
    {
        if (share <= 0) return;
        ref var value = ref Values[y * width + x];
        value += Math.Min(share, 1) * (ink - value);
    }

    static (int First, int Last) Range(double a, double b, double reach, int size) =>
        (Math.Max(0, (int)Math.Floor(Math.Min(a, b) - reach)), Math.Min(size - 1, (int)Math.Ceiling(Math.Max(a, b) + reach)));
}
