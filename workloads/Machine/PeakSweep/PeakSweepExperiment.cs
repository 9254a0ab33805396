using System.Diagnostics;
using System.Globalization;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>How near to its largest product a machine comes with chains of smaller ones, over their width, length and columns.</summary>
[Workload("peak-sweep")]
public sealed class PeakSweepExperiment(ExperimentSetup setup) : IExperiment
{
    const string Chain = "chain fp32";
    const string Reference = "largest product fp32";
    const string Floor = "empty operator";
    const string Error = "error against double precision";

    const int FloorSamples = 9;

    readonly IReadOnlyList<SweepPoint> sweep = SweepPoint.All(setup.Geometry);

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var all = get_num_threads();
        var points = new List<MeasuredPoint>();
        int[] counts = all > 1 ? [1, all] : [1];
        random.manual_seed(1);
        try
        {
            foreach (var (turn, threads) in counts.Index())
            {
                set_num_threads(threads);
                points.AddRange(Sweep(threads, (share, detail) => progress.Report("products", (turn + share) / counts.Length, detail), stop));
            }
        }
        finally
        {
            set_num_threads(all);
        }

        return points;
    }

    IEnumerable<MeasuredPoint> Sweep(int threads, Action<double, string> report, CancellationToken stop)
    {
        var size = setup.Geometry.Int("reference_size");
        var references = new List<double>();
        using var largest = new ProductChain(size, 1, size, ScalarType.Float32);
        largest.Seconds();
        foreach (var (index, point) in sweep.Index())
        {
            stop.ThrowIfCancellationRequested();
            report((double)index / sweep.Count, $"{threads} threads, {point.Channels} channels, {point.Depth} deep, {point.Columns} columns");
            // Between the chains, so that both see the same machine.
            if (index % setup.Geometry.Int("chains_per_reference") == 0)
                references.Add(largest.Seconds());
            using var chain = new ProductChain(point.Channels, point.Depth, point.Columns, ScalarType.Float32);
            yield return new MeasuredPoint(Chain, point.At(threads), "seconds", Samples(chain));
            if (point.Depth <= setup.Geometry.Int("checked_depth"))
                yield return new MeasuredPoint(Error, point.At(threads), "relative", [chain.Error()]);
        }

        references.Add(largest.Seconds());
        yield return new MeasuredPoint(Reference, new SweepPoint(size, 1, size).At(threads), "seconds", references);
        var at = new Dictionary<string, double>(StringComparer.Ordinal) { ["threads"] = threads };
        yield return new MeasuredPoint(Floor, at, "seconds", [.. Enumerable.Range(0, FloorSamples).Select(_ => EmptyOperator())]);
    }

    List<double> Samples(ProductChain chain)
    {
        chain.Seconds();
        var samples = new List<double>();
        var watch = Stopwatch.StartNew();
        var (least, most, seconds) = (setup.Geometry.Int("least_samples"), setup.Geometry.Int("most_samples"), setup.Geometry.Number("seconds_per_chain"));
        while (samples.Count < least || (samples.Count < most && watch.Elapsed.TotalSeconds < seconds))
            samples.Add(chain.Seconds());
        return samples;
    }

    static double EmptyOperator()
    {
        const int calls = 1000;
        using var mode = no_grad();
        using var one = ones(1);
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < calls; call++)
            one.add_(1);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    public Findings Derive(IReadOnlyList<MeasuredPoint> points)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["largest_error"] = points.Where(point => point.Name == Error).Max(point => point.Samples[0]),
        };
        var tables = new List<TitledTable>();
        foreach (var group in points.GroupBy(point => (int)point.At["threads"]))
        {
            var reference = group.Single(point => point.Name == Reference);
            var rate = SweepPoint.Of(reference.At).Flops / Statistics.Median(reference.Samples);
            var chains = group.Where(point => point.Name == Chain).ToList();
            var floor = Statistics.Median(group.Single(point => point.Name == Floor).Samples);
            var name = group.Key == 1 ? "one_thread" : "all_threads";
            var best = SweepPoint.Of(reference.At).Flops / reference.Samples.Min();
            metrics[$"best_share_{name}"] = chains.Max(chain => BestRate(chain) / best);
            metrics[$"worst_share_{name}"] = chains.Min(chain => BestRate(chain) / best);
            tables.Add(new(Title(group.Key, rate, floor), Table(chains, rate, floor)));
        }

        return new Findings(metrics, [.. tables, SeedPeaks.Table], Portable());
    }

    static string Title(int threads, double rate, double floor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{threads} thread{(threads == 1 ? "" : "s")}: the largest product reaches {rate / 1e9:0.0} GFLOP/s, an empty operator takes {floor * 1e6:0.00} us");

    static TextTable Table(IEnumerable<MeasuredPoint> chains, double reference, double floor)
    {
        var table = new TextTable(0, "channels", "depth", "S", "FLOP/byte", "ms", "GFLOP/s", "of the largest", "weights GB/s", "calls cost");
        foreach (var chain in chains)
        {
            var point = SweepPoint.Of(chain.At);
            var seconds = Statistics.Median(chain.Samples);
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}", Text(point.Flops / point.Bytes, "0.0"), Text(seconds * 1e3, "0.000"),
                Text(point.Flops / seconds / 1e9, "0.0"), Units.Percent(point.Flops / seconds / reference),
                Text(point.WeightBytes / seconds / 1e9, "0.0"), Units.Percent(point.Depth * floor / seconds));
        }

        return table;
    }

    string Portable()
    {
        var table = new TextTable(0, "channels", "depth", "S", "FLOP", "bytes", "FLOP/byte");
        foreach (var point in sweep)
        {
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}", Units.Count((long)point.Flops), Units.Count((long)point.Bytes),
                Text(point.Flops / point.Bytes, "0.00"));
        }

        return $"peak-sweep\n\n{table}\n{SeedPeaks.Table.Title}\n{SeedPeaks.Table.Table}";
    }

    // The best against the best: a bound must not fail because a neighbour was busy during one of the two.
    static double BestRate(MeasuredPoint chain) => SweepPoint.Of(chain.At).Flops / chain.Samples.Min();

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
