using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>A quantity over sizes that double, one line for each setting, below the levels that it may reach.</summary>
public static class SweepPlot
{
    public static Plot Of(
        string title, string description, string across, string unit, IReadOnlyList<PlotLine> lines,
        IReadOnlyList<(string Name, double Height)> levels)
    {
        var points = lines.SelectMany(line => line.Points).ToArray();
        var x = Axis.Covering(across, Scale.Log2, points.Select(point => point.X), tick => $"{tick:0.###}");
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

/// <summary>The bandwidth over working sets of growing size, with the sizes between which it drops.</summary>
public static class CapacityPlot
{
    /// <param name="knees">What ends there, the largest set that still fits, and the smallest that does not.</param>
    public static Plot? Of(IReadOnlyList<CapacityPoint> points, IReadOnlyList<(string Name, Interval Bytes)> knees)
    {
        if (points.Count == 0)
            return null;
        var x = Axis.Covering("size of the set", Scale.Log2, points.Select(point => (double)point.SetBytes), Units.Binary);
        var y = Axis.Covering(PeakSeries.Bytes, Scale.Linear, points.Select(point => 1 / point.SecondsPerByte), Axis.Short);
        PlotBand[] bands = [.. knees.Select(knee => new PlotBand(
            $"{knee.Name}, {Units.Binary(knee.Bytes.Low)} to {Units.Binary(knee.Bytes.High)}", knee.Bytes))];
        var found = bands.Length == 0 ? "no knee found" : string.Join(", ", bands.Select(band => band.Name));
        return new Plot("Streaming over sets of growing size", $"Bandwidth by the size of the set; {found}.", x, y)
        {
            Lines = [new PlotLine(
                "one thread, sum of fp32", [.. points.Select(point => ((double)point.SetBytes, 1 / point.SecondsPerByte))], Marked: true)],
            Bands = bands,
        };
    }
}
