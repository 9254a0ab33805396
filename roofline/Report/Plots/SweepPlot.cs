namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>A quantity over sizes that double, one line for each setting, below the levels that it may reach.</summary>
public static class SweepPlot
{
    public static Plot Of(
        string title, string description, string across, string unit, IReadOnlyList<PlotLine> lines,
        IReadOnlyList<(string Name, double Height)> levels)
    {
        var points = lines.SelectMany(line => line.Points).ToArray();
        var x = Axis.Covering(across, Scale.Log2, points.Select(point => point.X), tick => FormattableString.Invariant($"{tick:0.###}"));
        var heights = points.Select(point => point.Y).Concat(levels.Select(level => level.Height));
        return new Plot(title, description, x, Axis.Covering(unit, Scale.Linear, heights, Axis.Short))
        {
            Lines =
            [
                .. lines.Select(line => line with { Marked = true }),
                .. levels.Select(level => new PlotLine(level.Name, [(x.Low, level.Height), (x.High, level.Height)])),
            ],
        };
    }
}
