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
        var (slopes, flats) = (Slopes(peaks), Flats(peaks));
        if (slopes.Count == 0 || flats.Count == 0)
            return null;
        var highest = flats.Max(flat => flat.Rate);
        double[] intensities = [.. points.Select(point => point.X), .. slopes.Select(slope => highest / slope.Rate)];
        var x = new Axis("FLOP per byte", Scale.Log10, intensities.Min() / Air, intensities.Max() * Air, Axis.Short);
        var fastest = slopes.Max(slope => slope.Rate);
        PlotLine[] lines =
        [
            .. flats.Select(flat => new PlotLine(Named(flat, PeakSeries.Flops), [(flat.Rate / fastest, flat.Rate), (x.High, flat.Rate)])),
            .. slopes.Select(slope =>
                new PlotLine(Named(slope, PeakSeries.Bytes), [(x.Low, x.Low * slope.Rate), (highest / slope.Rate, highest)])),
        ];
        double[] heights =
            [.. points.SelectMany(point => new[] { point.Y.Low / 2, point.Y.High }), highest * 1.5,
                x.Low * slopes.Min(slope => slope.Rate)];
        var y = Axis.Covering(PeakSeries.Flops, Scale.Log10, heights, Axis.Short);
        return new Plot($"Roofline of {machine}", Description(records, flats.Count, slopes.Count), x, y) { Lines = lines, Points = points };
    }

    static PlotPoint? Point(EvidenceRecord record) =>
        record.Point() is { } point
            ? new PlotPoint(record.Workload.Id, point.FlopsPerByte, point.FlopsPerSecond)
            : null;

    // The best of every level: which stream reached it is in the table of the peaks. Other rates, of allocation for one, are no ceilings.
    static List<Ceiling> Slopes(MachinePeaks peaks) =>
    [
        .. peaks.Series.Where(series => series.Unit == PeakSeries.Bytes && series.Threads == peaks.Threads && Levels.Contains(series.Level))
            .GroupBy(series => series.Level)
            .Select(level => new Ceiling(level.Key, level.Max(series => series.Best))),
    ];

    static List<Ceiling> Flats(MachinePeaks peaks) =>
    [
        .. peaks.Series.Where(
            series => series.Unit == PeakSeries.Flops && series.Threads == peaks.Threads && Roofs.ContainsKey(series.Kind))
            .GroupBy(series => series.Kind)
            .Select(roof => new Ceiling(Roofs[roof.Key], roof.Max(series => series.Best))),
    ];

    static string Named(Ceiling ceiling, string unit) => $"{ceiling.Name}, {Units.Si(ceiling.Rate, unit)}";

    static string Description(IReadOnlyList<EvidenceRecord> records, int flats, int slopes) =>
        $"{flats} compute and {slopes} bandwidth ceilings; workloads: {string.Join(", ", records.Select(RooflineLine.Point))}.";

    sealed record Ceiling(string Name, double Rate);
}
