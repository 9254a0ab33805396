using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>What is drawn, without how: rendered as SVG by <see cref="SvgPlot"/> and as text by <see cref="TextPlot"/>.</summary>
/// <param name="Description">What a reader should see in it, in a sentence; for those who cannot see it as well.</param>
public sealed record Plot(string Title, string Description, Axis X, Axis Y) : IDrawing
{
    /// <summary>What has no place on paper is left out.</summary>
    public IReadOnlyList<PlotLine> Lines
    {
        get;
        init => field =
        [
            .. value.Select(line => line with { Points = [.. line.Points.Where(Drawable)] }).Where(line => line.Points.Count > 0),
        ];
    } = [];

    public IReadOnlyList<PlotPoint> Points { get; init; } = [];

    public IReadOnlyList<PlotBand> Bands { get; init; } = [];

    static bool Drawable((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    public string Svg() => SvgPlot.Render(this);

    public string Text(int width, bool unicode) => TextPlot.Render(this, width, unicode);
}

/// <param name="Marked">Whether each of its points was measured, and gets a dot.</param>
public sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool Marked = false);

public sealed record PlotPoint(string Name, double X, Interval Y);

/// <summary>A part of the x axis that has a name.</summary>
public sealed record PlotBand(string Name, Interval X);
