using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Report.Plots;

public static class SvgPlot
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
        page.Text("heading", Left, 28, plot.Title);
        foreach (var band in plot.Bands)
            Band(page, plot, band);
        Grid(page, plot);
        for (var line = 0; line < plot.Lines.Count; line++)
            Line(page, plot, plot.Lines[line], SvgPage.Colour(line));
        BandNames(page, plot);
        Points(page, plot);
        legend.Draw(page, Left, LegendTop, (line, from, to, y) => page.Line($"curve {SvgPage.Colour(line)}", from, y, to, y));
        return page.ToString();
    }

    static double X(Plot plot, double value) => Left + Math.Clamp(plot.X.Fraction(value), 0, 1) * (Right - Left);

    static double Y(Plot plot, double value) => Bottom - Math.Clamp(plot.Y.Fraction(value), 0, 1) * (Bottom - Top);

    static void Grid(SvgPage page, Plot plot)
    {
        foreach (var tick in plot.X.Ticks(MostTicksAcross))
        {
            page.Line("grid", X(plot, tick), Top, X(plot, tick), Bottom);
            page.Text("middle", X(plot, tick), Bottom + 19, plot.X.Format(tick));
        }

        foreach (var tick in plot.Y.Ticks(MostTicksUp))
        {
            page.Line("grid", Left, Y(plot, tick), Right, Y(plot, tick));
            page.Text("end", Left - 7, Y(plot, tick) + SvgPage.FontSize / 3, plot.Y.Format(tick));
        }

        page.Line("frame", Left, Bottom, Right, Bottom);
        page.Line("frame", Left, Top, Left, Bottom);
        page.Text("middle", (Left + Right) / 2, Bottom + 42, plot.X.Label);
        page.Text("middle", 18, (Top + Bottom) / 2, plot.Y.Label, turned: -90);
    }

    static void Line(SvgPage page, Plot plot, PlotLine line, string colour)
    {
        page.Path($"curve {colour}", line.Points.Select(point => (X(plot, point.X), Y(plot, point.Y))));
        foreach (var point in line.Marked ? line.Points : [])
            page.Dot($"fill {colour}", X(plot, point.X), Y(plot, point.Y), DotRadius - 1.5);
    }

    static void Band(SvgPage page, Plot plot, PlotBand band)
    {
        var (from, to) = (X(plot, band.X.Low), X(plot, band.X.High));
        page.Rectangle("band", from, Top, Math.Max(to - from, 2), Bottom - Top);
    }

    // Each name on a line of its own: bands may be narrower than their names.
    static void BandNames(SvgPage page, Plot plot)
    {
        for (var band = 0; band < plot.Bands.Count; band++)
        {
            var middle = (X(plot, plot.Bands[band].X.Low) + X(plot, plot.Bands[band].X.High)) / 2;
            var half = SvgPage.BoldWidthOf(plot.Bands[band].Name) / 2;
            page.Text("middle halo", Math.Clamp(middle, Left + half, Right - half), Bottom - 10 - 18 * band, plot.Bands[band].Name);
        }
    }

    static void Points(SvgPage page, Plot plot)
    {
        var placer = new LabelPlacer(Left + 4, Top + 4, Right - 4, Bottom - 4);
        foreach (var point in plot.Points)
            placer.Take(X(plot, point.X) - 6, Y(plot, point.Y.High) - 6, 12, Y(plot, point.Y.Low) - Y(plot, point.Y.High) + 12);
        foreach (var (x, y) in plot.Lines.SelectMany(line => line.Points.Zip(line.Points.Skip(1)))
            .SelectMany(piece => Along(plot, piece.First, piece.Second)))
            placer.Avoid(x, y);
        foreach (var point in plot.Points)
        {
            var (x, y) = (X(plot, point.X), Y(plot, Middle(plot.Y, point.Y)));
            page.Line("span", x, Y(plot, point.Y.Low), x, Y(plot, point.Y.High));
            page.Dot("mark", x, y, DotRadius);
            var width = SvgPage.BoldWidthOf(point.Name);
            if (placer.Place(x, y, width, SvgPage.FontSize + 4, 9) is { } place)
                page.Text("halo", place.X, place.Y + SvgPage.FontSize, point.Name);
        }
    }

    static IEnumerable<(double X, double Y)> Along(Plot plot, (double X, double Y) from, (double X, double Y) to) =>
        Enumerable.Range(0, Samples + 1).Select(step => (double)step / Samples).Select(part => (
            X(plot, from.X) + part * (X(plot, to.X) - X(plot, from.X)), Y(plot, from.Y) + part * (Y(plot, to.Y) - Y(plot, from.Y))));

    static double Middle(Axis axis, Interval interval) =>
        axis.Scale == Scale.Linear ? interval.Middle : Math.Sqrt(interval.Low * interval.High);
}
