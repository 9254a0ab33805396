using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>All ceilings of a machine, and the workloads under them.</summary>
public static class RooflinePlot
{
    // Decades of air around the ridges and points.
    const double Air = 4;

    static readonly string[] Levels = [MemoryLevels.L1, MemoryLevels.L2, MemoryLevels.LastLevelCache, MemoryLevels.Memory];

    static readonly Dictionary<PeakKind, string> Roofs = new()
    {
        [PeakKind.Gemm] = "matrix product, fp32",
        [PeakKind.GemmBf16] = "matrix product, bf16",
        [PeakKind.GemmInt8] = "matrix product, int8",
        [PeakKind.Fma] = "multiply-add in registers",
        [PeakKind.FmaTile] = "multiply-add from L1",
    };

    /// <summary>Absent when neither a ceiling nor a workload was measured.</summary>
    public static Plot? Of(MachinePeaks peaks, string machine, IReadOnlyList<EvidenceRecord> records)
    {
        var points = records.Select(Point).OfType<PlotPoint>().ToArray();
        // The best of every level: which stream reached it is in the table of the peaks. Other rates, of allocation for one, are no ceilings.
        var slopes = Ceilings(peaks, PeakSeries.Bytes, series => Levels.Contains(series.Level) ? series.Level : null);
        var flats = Ceilings(peaks, PeakSeries.Flops, series => Roofs.GetValueOrDefault(series.Kind));
        if (slopes.Length == 0 || flats.Length == 0)
            return null;
        var highest = flats.Max(flat => flat.Rate);
        double[] intensities = [.. points.Select(point => point.X), .. slopes.Select(slope => highest / slope.Rate)];
        var x = new Axis("FLOP per byte", Scale.Log10, intensities.Min() / Air, intensities.Max() * Air, Axis.Short);
        var fastest = slopes.Max(slope => slope.Rate);
        PlotLine[] lines =
        [
            .. flats.Select(flat => new PlotLine(flat.Name, [(flat.Rate / fastest, flat.Rate), (x.High, flat.Rate)])),
            .. slopes.Select(slope => new PlotLine(slope.Name, [(x.Low, x.Low * slope.Rate), (highest / slope.Rate, highest)])),
        ];
        double[] heights =
            [.. points.SelectMany(point => new[] { point.Y.Low / 2, point.Y.High }), highest * 1.5, x.Low * slopes.Min(slope => slope.Rate)];
        var y = Axis.Covering(PeakSeries.Flops, Scale.Log10, heights, Axis.Short);
        var description = $"{flats.Length} compute and {slopes.Length} bandwidth ceilings; "
            + $"workloads: {string.Join(", ", records.Select(RooflineLine.Point))}.";
        return new Plot($"Roofline of {machine}", description, x, y) { Lines = lines, Points = points };
    }

    static PlotPoint? Point(EvidenceRecord record) =>
        record.Point() is { } point ? new PlotPoint(record.Workload.Id, point.FlopsPerByte, point.FlopsPerSecond) : null;

    static (string Name, double Rate)[] Ceilings(MachinePeaks peaks, string unit, Func<PeakSeries, string?> name) =>
    [
        .. peaks.Series.Where(series => series.Unit == unit && series.Threads == peaks.Threads && name(series) is not null)
            .GroupBy(name)
            .Select(group => (group.Key, Rate: group.Max(series => series.Best)))
            .Select(ceiling => ($"{ceiling.Key}, {Units.Si(ceiling.Rate, unit)}", ceiling.Rate)),
    ];
}
