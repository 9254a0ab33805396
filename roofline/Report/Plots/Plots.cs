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

/// <summary>A training step divided into its passes, as counted.</summary>
public static class StepBreakdown
{
    static readonly (string Name, Func<LayerCount, Work> Work)[] Passes =
    [
        ("forward", layer => layer.Forward),
        ("data gradient", layer => layer.DataGradient),
        ("weight gradient", layer => layer.WeightGradient),
        ("optimizer", layer => layer.Optimizer),
    ];

    public static Bars Of(string workload, StepCount count)
    {
        return new Bars(
            $"One step of {workload}",
            "Products, other operations, memory traffic and operator calls of one training step, each divided into its passes.",
            [
                Row("products", "FLOP", work => work.Flops),
                Row("other operations", "FLOP", work => work.ElementwiseFlops),
                Row("traffic", "B", work => work.Bytes),
                Row("operator calls", "", work => work.Calls),
            ]);

        Bar Row(string name, string unit, Func<Work, long> quantity)
        {
            BarPart[] parts = [.. Passes.Select(pass => new BarPart(pass.Name, count.Layers.Sum(layer => quantity(pass.Work(layer)))))];
            var sum = parts.Sum(part => part.Value);
            return new Bar(name, unit.Length == 0 ? Units.Count((long)sum) : Units.Si(sum, unit), parts);
        }
    }
}

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
