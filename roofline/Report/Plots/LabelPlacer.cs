namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>Finds each label a place beside its point that no other label, point or edge takes.</summary>
sealed class LabelPlacer(double left, double top, double right, double bottom)
{
    const int Rings = 6;

    readonly List<(double Left, double Top, double Right, double Bottom)> taken = [];

    public void Take(double x, double y, double width, double height) => taken.Add((x, y, x + width, y + height));

    /// <summary>The label's left upper corner; absent when everything around is taken.</summary>
    public (double X, double Y)? Place(double x, double y, double width, double height, double distance)
    {
        for (var ring = 1; ring <= Rings; ring++)
        {
            var away = distance * ring;
            (double X, double Y)[] places =
            [
                (x + away, y - height / 2), (x - away - width, y - height / 2), (x - width / 2, y - away - height), (x - width / 2, y + away),
                (x + away, y - away - height), (x + away, y + away), (x - away - width, y - away - height), (x - away - width, y + away),
            ];
            foreach (var place in places.Where(place => Free(place.X, place.Y, width, height)))
            {
                Take(place.X, place.Y, width, height);
                return place;
            }
        }

        return null;
    }

    bool Free(double x, double y, double width, double height) =>
        x >= left && y >= top && x + width <= right && y + height <= bottom
        && !taken.Any(box => x < box.Right && box.Left < x + width && y < box.Bottom && box.Top < y + height);
}
