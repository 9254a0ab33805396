namespace MlPerfEdu.Roofline.Report.Plots;

sealed class SvgPlot(Plot plot, SvgPage page)
{
    const double Width = 760;
    const double Left = 84;
    const double Right = 738;
    const double Top = 46;
    const double Bottom = 420;
    const double LegendTop = 476;
    const double DotRadius = 4.5;
    const int MostTicksAcross = 10;
    const int MostTicksUp = 8;

    // Of each piece of a line, for the labels that keep away from it.
    const int Samples = 100;

    public static string Render(Plot plot)
    {
        var legend = new SvgLegend([.. plot.Lines.Select(line => line.Name)], Right - Left);
        var page = new SvgPage(plot.Title, plot.Description, Width, LegendTop + legend.Height + 12);
        new SvgPlot(plot, page).Draw();
        legend.Draw(page, Left, LegendTop, (line, from, to, y) => page.Line($"curve {SvgPage.Colour(line)}", from, y, to, y));
        return page.ToString();
    }

    void Draw()
    {
        page.Text("heading", Left, 28, plot.Title);
        foreach (var band in plot.Bands)
            page.Rectangle("band", X(band.X.Low), Top, Math.Max(X(band.X.High) - X(band.X.Low), 2), Bottom - Top);
        Grid();
        foreach (var (index, line) in plot.Lines.Index())
            Line(line, SvgPage.Colour(index));
        BandNames();
        Points();
    }

    double X(double value) => Left + plot.X.Fraction(value) * (Right - Left);
    double Y(double value) => Bottom - plot.Y.Fraction(value) * (Bottom - Top);

    void Grid()
    {
        foreach (var tick in plot.X.Ticks(MostTicksAcross))
        {
            page.Line("grid", X(tick), Top, X(tick), Bottom);
            page.Text("middle", X(tick), Bottom + 19, plot.X.Format(tick));
        }

        foreach (var tick in plot.Y.Ticks(MostTicksUp))
        {
            page.Line("grid", Left, Y(tick), Right, Y(tick));
            page.Text("end", Left - 7, Y(tick) + SvgPage.FontSize / 3, plot.Y.Format(tick));
        }

        page.Line("frame", Left, Bottom, Right, Bottom);
        page.Line("frame", Left, Top, Left, Bottom);
        page.Text("middle", (Left + Right) / 2, Bottom + 42, plot.X.Label);
        page.Text("middle", 18, (Top + Bottom) / 2, plot.Y.Label, turned: -90);
    }

    void Line(PlotLine line, string colour)
    {
        page.Path($"curve {colour}", line.Points.Select(point => (X(point.X), Y(point.Y))));
        foreach (var point in line.Marked ? line.Points : [])
            page.Dot($"fill {colour}", X(point.X), Y(point.Y), DotRadius - 1.5);
    }

    // Each name on a line of its own: bands may be narrower than their names.
    void BandNames()
    {
        foreach (var (index, band) in plot.Bands.Index())
        {
            var middle = (X(band.X.Low) + X(band.X.High)) / 2;
            var half = SvgPage.BoldWidthOf(band.Name) / 2;
            page.Text("middle halo", Math.Clamp(middle, Left + half, Right - half), Bottom - 10 - 18 * index, band.Name);
        }
    }

    void Points()
    {
        var placer = new LabelPlacer(Left + 4, Top + 4, Right - 4, Bottom - 4);
        foreach (var point in plot.Points)
            placer.Take(new Box(X(point.X) - 6, Y(point.Y.High) - 6, 12, Y(point.Y.Low) - Y(point.Y.High) + 12));
        foreach (var (x, y) in plot.Lines.SelectMany(line => line.Pieces).SelectMany(piece => Along(piece.From, piece.To)))
            placer.Avoid(x, y);
        foreach (var point in plot.Points)
        {
            var middle = plot.Y.Scale == Scale.Linear ? point.Y.Middle : Math.Sqrt(point.Y.Low * point.Y.High);
            var (x, y) = (X(point.X), Y(middle));
            page.Line("span", x, Y(point.Y.Low), x, Y(point.Y.High));
            page.Dot("mark", x, y, DotRadius);
            var width = SvgPage.BoldWidthOf(point.Name);
            if (placer.Place(x, y, width, SvgPage.FontSize + 4, 9) is { } place)
                page.Text("halo", place.Left, place.Top + SvgPage.FontSize, point.Name);
        }
    }

    IEnumerable<(double X, double Y)> Along((double X, double Y) from, (double X, double Y) to) =>
        Enumerable.Range(0, Samples + 1).Select(step => (double)step / Samples).Select(part => (
            X(from.X) + part * (X(to.X) - X(from.X)), Y(from.Y) + part * (Y(to.Y) - Y(from.Y))));
}

/// <summary>Finds each label a place next to its point that no other label, point or edge takes.</summary>
sealed class LabelPlacer(double left, double top, double right, double bottom)
{
    const int Rings = 12;

    // Further away a label no longer seems to belong to its point: better across a line.
    const int NearRings = 1;

    readonly List<Box> taken = [];
    readonly List<(double X, double Y)> drawn = [];

    /// <summary>A place that a line goes through: avoided where there is another.</summary>
    public void Avoid(double x, double y) => drawn.Add((x, y));

    public void Take(Box box) => taken.Add(box);

    /// <summary>Absent when everything around is taken.</summary>
    public Box? Place(double x, double y, double width, double height, double distance)
    {
        var places = Around(NearRings).Where(box => Free(box) && !drawn.Any(box.Contains)).Concat(Around(Rings).Where(Free));
        if (places.Select(box => (Box?)box).FirstOrDefault() is not { } place)
            return null;
        Take(place);
        return place;

        IEnumerable<Box> Around(int rings) => Enumerable.Range(0, rings).SelectMany(ring =>
        {
            var (across, up) = (distance + width / 2, ring * height);
            (double X, double Y)[] middles =
            [
                (x + across, y + up), (x - across, y + up), (x + across, y - up), (x - across, y - up),
                (x, y + distance + height / 2 + up), (x, y - distance - height / 2 - up),
            ];
            return middles.Select(middle => new Box(middle.X - width / 2, middle.Y - height / 2, width, height));
        });
    }

    bool Free(Box box) =>
        box.Left >= left && box.Top >= top && box.Right <= right && box.Bottom <= bottom && !taken.Any(box.Overlaps);
}

readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;
    public double Bottom => Top + Height;
    public bool Contains((double X, double Y) point) => point.X > Left && point.X < Right && point.Y > Top && point.Y < Bottom;
    public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
}
