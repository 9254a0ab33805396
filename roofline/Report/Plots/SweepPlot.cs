namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>A quantity over sizes that double, one line for each setting.</summary>
public static class SweepPlot
{
    public static Plot Of(string title, string description, string across, string unit, IReadOnlyList<PlotLine> lines)
    {
        var points = lines.SelectMany(line => line.Points).ToArray();
        return new Plot(title, description,
            Axis.Covering(across, Scale.Log2, points.Select(point => point.X), tick => $"{tick:0.###}"),
            Axis.Covering(unit, Scale.Linear, points.Select(point => point.Y), Axis.Short))
        {
            Lines = [.. lines.Select(line => line with { Marked = true })],
        };
    }
}
