using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>How fast sets of growing size are streamed, with the sizes between which it slows down.</summary>
public static class CapacityPlot
{
    /// <param name="knees">What ends there, the largest set that still fits, and the smallest that does not.</param>
    public static Plot? Of(IReadOnlyList<CapacityPoint> points, IReadOnlyList<(string Name, Interval Bytes)> knees)
    {
        if (points.Count == 0)
            return null;
        var x = Axis.Covering("size of the set", Scale.Log2, points.Select(point => (double)point.SetBytes), Units.Binary);
        var y = Axis.Covering(PeakSeries.Bytes, Scale.Linear, points.Select(point => 1 / point.SecondsPerByte), Axis.Short);
        PlotBand[] bands = [.. knees.Select(knee => new PlotBand(Named(knee.Name, knee.Bytes), knee.Bytes))];
        var found = bands.Length == 0 ? "no knee found" : string.Join(", ", bands.Select(band => band.Name));
        return new Plot("Streaming over sets of growing size", $"Bandwidth by the size of the set; {found}.", x, y)
        {
            Lines = [new PlotLine(
                "one thread, sum of fp32", [.. points.Select(point => ((double)point.SetBytes, 1 / point.SecondsPerByte))], Marked: true)],
            Bands = bands,
        };
    }

    static string Named(string name, Interval knee) => $"{name}, {Units.Binary(knee.Low)} to {Units.Binary(knee.High)}";
}
