namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>Finds each label a place beside its point that no other label, point or edge takes.</summary>
sealed class LabelPlacer(double left, double top, double right, double bottom)
{
    const int Rings = 12;

    // Further away a label no longer seems to belong to its point: better across a line.
    const int NearRings = 1;

    readonly List<(double Left, double Top, double Right, double Bottom)> taken = [];

    readonly List<(double X, double Y)> drawn = [];

    /// <summary>A place that a line goes through: avoided where there is another.</summary>
    public void Avoid(double x, double y) => drawn.Add((x, y));

    public void Take(double x, double y, double width, double height) => taken.Add((x, y, x + width, y + height));

    /// <summary>The label's left upper corner; absent when everything around is taken.</summary>
    public (double X, double Y)? Place(double x, double y, double width, double height, double distance) =>
        Place(x, y, width, height, distance, NearRings, Clear) ?? Place(x, y, width, height, distance, Rings, Free);

    (double X, double Y)? Place(
        double x, double y, double width, double height, double distance, int rings, Func<double, double, double, double, bool> fits)
    {
        for (var ring = 0; ring < rings; ring++)
        {
            var (across, up) = (distance + width / 2, ring * height);
            (double X, double Y)[] places =
            [
                (x + across, y + up), (x - across, y + up), (x + across, y - up), (x - across, y - up),
                (x, y + distance + height / 2 + up), (x, y - distance - height / 2 - up),
            ];
            foreach (var (middle, row) in places)
            {
                var corner = (X: middle - width / 2, Y: row - height / 2);
                if (!fits(corner.X, corner.Y, width, height))
                    continue;
                Take(corner.X, corner.Y, width, height);
                return corner;
            }
        }

        return null;
    }

    bool Clear(double x, double y, double width, double height) =>
        Free(x, y, width, height) && !drawn.Any(point => point.X > x && point.X < x + width && point.Y > y && point.Y < y + height);

    bool Free(double x, double y, double width, double height) =>
        x >= left && y >= top && x + width <= right && y + height <= bottom
        && !taken.Any(box => x < box.Right && box.Left < x + width && y < box.Bottom && box.Top < y + height);
}
