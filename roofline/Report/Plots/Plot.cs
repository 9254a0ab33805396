using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>What is drawn, without how: rendered as SVG by <see cref="SvgPlot"/> and as text by <see cref="TextPlot"/>.</summary>
/// <param name="Description">What a reader should see in it, in a sentence; for those who cannot see it as well.</param>
public sealed record Plot(string Title, string Description, Axis X, Axis Y)
{
    public IReadOnlyList<PlotLine> Lines { get; init; } = [];

    public IReadOnlyList<PlotPoint> Points { get; init; } = [];

    public IReadOnlyList<PlotBand> Bands { get; init; } = [];
}

/// <param name="Marked">Whether each of its points was measured, and gets a dot.</param>
public sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool Marked = false);

public sealed record PlotPoint(string Name, double X, Interval Y);

/// <summary>A part of the x axis that has a name.</summary>
public sealed record PlotBand(string Name, Interval X);
