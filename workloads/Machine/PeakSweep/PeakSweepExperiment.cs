using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Report.Plots;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>The rate of chains of small matrix products, over width, depth and columns, relative to that of one large product.</summary>
[Workload("peak-sweep")]
public sealed class PeakSweepExperiment(ExperimentSetup setup) : IExperiment
{
    readonly IReadOnlyList<SweepPoint> sweep = SweepPoint.All(setup.Geometry);

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var all = get_num_threads();
        var points = new List<MeasuredPoint>();
        int[] counts = all > 1 ? [1, all] : [1];
        random.manual_seed(1);
        using var weights = new SweepWeights();
        try
        {
            foreach (var (turn, threads) in counts.Index())
            {
                set_num_threads(threads);
                using var rounds = new SweepRounds(setup.Geometry, threads, sweep, weights);
                points.AddRange(rounds.Measure(
                    (share, detail) => progress.Report("products", (turn + share) / counts.Length, detail), stop));
            }
        }
        finally
        {
            set_num_threads(all);
        }
        return points;
    }

    public Findings Derive(IReadOnlyList<MeasuredPoint> points)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["largest_error"] = points.Where(point => point.Name == SweepPoints.Error).Max(point => point.Samples[0]),
        };
        SweepRun[] runs = [.. points.GroupBy(point => (int)point.At["threads"]).Select(group => new SweepRun(group.Key, [.. group]))];
        foreach (var run in runs)
        {
            var name = run.Threads == 1 ? "one_thread" : "all_threads";
            // On a shared machine, all threads together are never undisturbed for as long as a large product takes.
            var roof = Math.Max(run.BestRate, run.Threads * runs.Where(other => other.Threads == 1).Max(other => other.BestRate));
            metrics[$"best_share_{name}"] = run.BestRates.Max() / roof;
            metrics[$"worst_share_{name}"] = run.BestRates.Min() / roof;
        }
        return new Findings(metrics, [.. runs.Select(SweepFindings.Table), OriginalChains.Table], SweepFindings.Portable(sweep))
        {
            Drawings = SweepFindings.Drawings(SweepPoint.Middle(setup.Geometry), runs),
            Compared = [.. runs.SelectMany(run => run.Compared())],
        };
    }
}

/// <summary>A chain of products of C×C weights with S columns.</summary>
readonly record struct SweepPoint(int Channels, int Depth, int Columns)
{
    const int BytesPerElement = 4;

    public double Flops => 2.0 * Channels * Channels * Columns * Depth;
    public double WeightBytes => (double)BytesPerElement * Channels * Channels * Depth;

    /// <summary>Every operand and output of every product once.</summary>
    public double Bytes => WeightBytes + 2.0 * BytesPerElement * Channels * Columns * Depth;

    public IReadOnlyDictionary<string, double> At(int threads) =>
        new Dictionary<string, double> { ["channels"] = Channels, ["depth"] = Depth, ["columns"] = Columns, ["threads"] = threads };

    public static SweepPoint Of(IReadOnlyDictionary<string, double> at) => new((int)at["channels"], (int)at["depth"], (int)at["columns"]);

    public static SweepPoint Middle(Geometry geometry) =>
        new(geometry.Int("base_channels"), geometry.Int("base_depth"), geometry.Int("base_columns"));

    public override string ToString() => $"{Channels} channels, {Depth} deep, {Columns} columns";

    /// <summary>Each size varied alone around the middle, and the original's ten chains.</summary>
    public static IReadOnlyList<SweepPoint> All(Geometry geometry)
    {
        var middle = Middle(geometry);
        return
        [
            .. geometry.Ints("channels").Select(channels => middle with { Channels = channels })
                .Concat(geometry.Ints("depth").Select(depth => middle with { Depth = depth }))
                .Concat(geometry.Ints("columns").Select(columns => middle with { Columns = columns }))
                .Concat(OriginalChains.Rows.Select(row => row.Point))
                .Distinct()
                .OrderBy(point => point.Columns).ThenBy(point => point.Channels).ThenBy(point => point.Depth),
        ];
    }
}

/// <summary>The original's ten chains in half precision on one Apple M4 Max (2026-03-03), with the rates that follow from their times.</summary>
static class OriginalChains
{
    public static (SweepPoint Point, double Milliseconds)[] Rows { get; } =
    [
        (new(512, 32, 64), 0.408), (new(512, 48, 64), 0.262), (new(512, 64, 64), 0.244), (new(512, 96, 64), 0.326),
        (new(512, 128, 64), 0.385), (new(256, 64, 64), 0.365), (new(256, 128, 64), 0.454), (new(256, 256, 64), 0.351),
        (new(384, 64, 64), 0.429), (new(384, 128, 64), 0.354),
    ];

    public static TitledTable Table { get; } = new(
        "The original's chains (half precision, an accelerator), recomputed: a floor of 0.2 to 0.4 ms hides the small ones", Recomputed());

    static TextTable Recomputed()
    {
        var table = new TextTable(0, "channels", "depth", "S", "GFLOP", "ms", "TFLOP/s", "weights MB", "weights GB/s");
        foreach (var (point, milliseconds) in Rows)
        {
            var weights = 2.0 * point.Channels * point.Channels * point.Depth;
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}", $"{point.Flops / 1e9:0.000}", $"{milliseconds:0.000}",
                $"{point.Flops / milliseconds / 1e9:0.000}", $"{weights / 1e6:0.000}", $"{weights / milliseconds / 1e6:0.000}");
        }
        return table;
    }
}

/// <summary>The names of the points in evidence. Samples are in the order of the rounds, with the same number in each.</summary>
static class SweepPoints
{
    public const string Chain = "chain fp32";
    public const string Largest = "largest product fp32";
    public const string Floor = "empty operator";
    public const string Error = "error against double precision";
}

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
