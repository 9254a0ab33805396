using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>How fast sets of growing size are streamed, with the sizes between which it slows down.</summary>
public static class CapacityPlot
{
    /// <param name="knees">By the level that is left there: the largest set that still fits, and the smallest that does not.</param>
    public static Plot? Of(IReadOnlyList<CapacityPoint> points, IReadOnlyDictionary<string, Interval> knees)
    {
        if (points.Count == 0)
            return null;
        var x = Axis.Covering("size of the set", Scale.Log2, points.Select(point => (double)point.SetBytes), Bytes);
        var y = Axis.Covering(PeakSeries.Bytes, Scale.Linear, points.Select(point => 1 / point.SecondsPerByte), Axis.Short);
        var found = knees.Count == 0 ? "no knee found" : string.Join(", ", knees.Select(knee => Named(knee.Key, knee.Value)));
        return new Plot("Streaming over sets of growing size", $"Bandwidth by the size of the set; {found}.", x, y)
        {
            Lines = [new PlotLine(
                "one thread, sum of fp32", [.. points.Select(point => ((double)point.SetBytes, 1 / point.SecondsPerByte))], Marked: true)],
            Bands = [.. knees.Select(knee => new PlotBand(Named(knee.Key, knee.Value), knee.Value))],
        };
    }

    static string Named(string level, Interval knee) => $"end of {level}, {Units.Si(knee.Low, "B")} to {Units.Si(knee.High, "B")}";

    static string Bytes(double bytes) => bytes switch
    {
        >= 1 << 30 => $"{bytes / (1 << 30):0.###} GiB",
        >= 1 << 20 => $"{bytes / (1 << 20):0.###} MiB",
        _ => $"{bytes / (1 << 10):0.###} KiB",
    };
}
