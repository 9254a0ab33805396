using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

sealed class SweepRun(int threads, IReadOnlyList<MeasuredPoint> points)
{
    public int Threads => threads;
    public string With => $"{threads} thread{(threads == 1 ? "" : "s")}";

    public IReadOnlyList<(SweepPoint Point, IReadOnlyList<double> Samples)> Chains { get; } =
        [.. points.Where(point => point.Name == SweepPoints.Chain).Select(point => (SweepPoint.Of(point.At), point.Samples))];

    public double LargestRate => Largest.Flops / Statistics.Median(LargestSamples);
    public double Floor => Statistics.Median(FloorSamples);

    /// <summary>Of the largest product. The best against the best: a neighbour may have been busy during one of them.</summary>
    public double BestRate => Largest.Flops / LargestSamples.Min();

    public IEnumerable<double> BestRates => Chains.Select(chain => chain.Point.Flops / chain.Samples.Min());
    SweepPoint Largest => SweepPoint.Of(Only(SweepPoints.Largest).At);
    IReadOnlyList<double> LargestSamples => Only(SweepPoints.Largest).Samples;
    IReadOnlyList<double> FloorSamples => Only(SweepPoints.Floor).Samples;

    public IEnumerable<Finding> Compared() =>
    [
        // The largest product is the reference of the chains and has none itself.
        Time("largest product", ByRound(LargestSamples).Select(samples => new TimedRound(samples)), threads == 1, Rate(Largest)),
        Time("empty operator", ByRound(FloorSamples).Select(samples => new TimedRound(samples)), oneThread: true, Units.Seconds),
        .. Chains.Select(chain => Time(
            $"{chain.Point}",
            ByRound(chain.Samples).Zip(ByRound(LargestSamples), (samples, largest) => new TimedRound(samples, largest.Min())),
            threads == 1, Rate(chain.Point))),
    ];

    TimeFinding Time(string what, IEnumerable<TimedRound> rounds, bool oneThread, Func<double, string> say) =>
        new($"{what}, {With}", [.. rounds], oneThread, say);

    // One sample of the floor in each round, as many of the others as in any other round.
    IEnumerable<double[]> ByRound(IReadOnlyList<double> samples) => samples.Chunk(Math.Max(samples.Count / FloorSamples.Count, 1));

    static Func<double, string> Rate(SweepPoint point) => seconds => Units.Si(point.Flops / seconds, "FLOP/s");
    MeasuredPoint Only(string name) => points.Single(point => point.Name == name);
}

static class SweepFindings
{
    public static TitledTable Table(SweepRun run)
    {
        var table = new TextTable(
            0, "channels", "depth", "S", "FLOP/byte", "ms", "GFLOP/s", "of the largest", "weights GB/s", "calls cost");
        foreach (var (point, samples) in run.Chains)
        {
            var seconds = Statistics.Median(samples);
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}",
                $"{point.Flops / point.Bytes:0.0}", $"{seconds * 1e3:0.000}",
                $"{point.Flops / seconds / 1e9:0.0}", Units.Percent(point.Flops / seconds / run.LargestRate),
                $"{point.WeightBytes / seconds / 1e9:0.0}", Units.Percent(point.Depth * run.Floor / seconds));
        }
        return new(
            $"{run.With}: the largest product reaches {run.LargestRate / 1e9:0.0} GFLOP/s, "
            + $"an empty operator takes {run.Floor * 1e6:0.00} us", table);
    }

    public static string Portable(IEnumerable<SweepPoint> sweep)
    {
        var table = new TextTable(0, "channels", "depth", "S", "FLOP", "bytes", "FLOP/byte");
        foreach (var point in sweep)
        {
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}", Units.Count((long)point.Flops), Units.Count((long)point.Bytes),
                $"{point.Flops / point.Bytes:0.00}");
        }
        return $"peak-sweep\n\n{table}\n{OriginalChains.Table.Title}\n{OriginalChains.Table.Table}";
    }

    /// <summary>A plot for each size that is varied: the rate over it, below that of the largest product.</summary>
    public static IReadOnlyList<NamedDrawing> Drawings(SweepPoint middle, IReadOnlyList<SweepRun> runs) =>
    [
        Over("channels", $"{middle.Depth} deep, {middle.Columns} columns", runs, point => point.Channels, size => middle with { Channels = size }),
        Over("depth", $"{middle.Channels} channels, {middle.Columns} columns", runs, point => point.Depth, size => middle with { Depth = size }),
        Over("columns", $"{middle.Channels} channels, {middle.Depth} deep", runs, point => point.Columns, size => middle with { Columns = size }),
    ];

    /// <param name="varied">A chain of this size in the middle of the others.</param>
    static NamedDrawing Over(
        string size, string others, IReadOnlyList<SweepRun> runs, Func<SweepPoint, int> across, Func<int, SweepPoint> varied)
    {
        PlotLine[] lines =
        [
            .. runs.Select(run => new PlotLine(
                $"chain, {run.With}",
                [
                    .. run.Chains.Where(chain => chain.Point == varied(across(chain.Point))).OrderBy(chain => across(chain.Point))
                        .Select(chain => ((double)across(chain.Point), chain.Point.Flops / Statistics.Median(chain.Samples))),
                ])).Where(line => line.Points.Count > 0),
        ];
        return new(size, SweepPlot.Of(
            $"Chains of products over their {size}: {others}",
            $"Rate of chains of matrix products with {others}, by their {size}, below that of the largest product.",
            size, PeakSeries.Flops, lines, [.. runs.Select(run => ($"largest product, {run.With}", run.LargestRate))]));
    }
}
