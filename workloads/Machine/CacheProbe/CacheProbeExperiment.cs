using System.Globalization;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Report.Plots;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Machine.CacheProbe;

/// <summary>
/// Streams over sets of growing size, many passes over the same one. While the set fits a level of the cache, that level's speed is
/// seen; where the speed drops, the set has outgrown it. Bytes per second is the metric: FLOP/s per MB of weights is nothing but 1/time.
/// </summary>
[Workload("cache-probe")]
public sealed class CacheProbeExperiment(ExperimentSetup setup) : IExperiment
{
    const string Sum = "sum of a set, one thread";
    const string Stated = "stated by the system";

    readonly CacheLevels levels = new(setup.Facts);

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var sizes = levels.Sizes(setup.Geometry.Int("points_per_octave_near"), setup.Geometry.Int("points_per_octave_far"), setup.Geometry.Number("largest_llc_multiple"));
        var samples = sizes.Select(_ => new List<double>()).ToArray();
        var set = new StreamedSet(sizes[^1]);
        var repeats = setup.Geometry.Int("repeats");
        var perSample = setup.Geometry.Number("sample_mb") * 1e6;
        // All sizes in turn, and again: a slow second of the machine then is one outlier at many sizes, not a knee at one. Each time
        // elsewhere in memory: what a cache holds of a set depends on the pages that the set happened to get.
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            for (var index = 0; index < sizes.Count; index++)
            {
                stop.ThrowIfCancellationRequested();
                var passes = (int)Math.Max(perSample / sizes[index], 1);
                var place = (double)repeat / repeats;
                set.SecondsPerByte(sizes[index], 1, place);
                var seconds = set.SecondsPerByte(sizes[index], passes, place);
                if (repeat > 0)
                    samples[index].Add(seconds);
            }
            progress.Report("streaming", (repeat + 1.0) / (repeats + 1), $"{sizes.Count} sizes, repeat {repeat} of {repeats}");
        }

        return
        [
            .. sizes.Select((size, index) => new MeasuredPoint(Sum, At(size), "seconds per byte", samples[index])),
            .. levels.Stated.Select(level => new MeasuredPoint(Stated, At(level.Bytes), level.Name, [])),
        ];
    }

    public Findings Derive(IReadOnlyList<MeasuredPoint> points)
    {
        var sums = points.Where(point => point.Name == Sum).ToList();
        CapacityPoint[] trace = [.. sums.Select(point => new CapacityPoint((long)point.At["bytes"], Statistics.Median(point.Samples)))];
        var knees = KneeFinder.Find(trace);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["knees"] = knees.Count,
            ["sizes"] = trace.Length,
            ["fewest_samples"] = sums.Min(point => point.Samples.Count),
            ["fastest_over_slowest"] = trace.Max(point => point.SecondsPerByte) / trace.Min(point => point.SecondsPerByte),
        };
        var plot = CapacityPlot.Of(trace, [.. knees.Select(knee => (NameOf(knee.Bytes), knee.Bytes))]);
        TitledTable[] tables =
            [new("Knees", KneeTable(knees)), new("Streaming speed over the size of the set", TraceTable(trace)), SeedSpill.Table];
        return new Findings(metrics, tables, Portable())
        {
            Drawings = plot is null ? [] : [new("cache", plot)],
            Compared = new KneeSpread(sums, NameOf).Compared(knees),
        };
    }

    string NameOf(Interval knee) =>
        levels.Nearest(knee) is { } level ? $"end of {level.Name} (stated {Units.Binary(level.Bytes)})" : "knee at no stated level";

    TextTable KneeTable(IReadOnlyList<Knee> knees)
    {
        var table = new TextTable(1, "level", "stated", "last good", "first bad", "GB/s before", "GB/s after");
        foreach (var knee in knees)
        {
            var level = levels.Nearest(knee.Bytes);
            table.Row(
                level?.Name ?? "no stated level near", level is { } stated ? Units.Si(stated.Bytes, "B") : "", Units.Si(knee.Bytes.Low, "B"), Units.Si(knee.Bytes.High, "B"),
                Number(knee.Before / 1e9), Number(knee.After / 1e9));
        }

        return knees.Count > 0 ? table : table.Row("no knee", "", "", "", "", "");
    }

    static TextTable TraceTable(IReadOnlyList<CapacityPoint> trace)
    {
        var fastest = trace.Min(point => point.SecondsPerByte);
        var table = new TextTable(1, "set", "GB/s", "of the fastest");
        foreach (var point in trace)
            table.Row(Units.Si(point.SetBytes, "B"), Number(1e-9 / point.SecondsPerByte), Units.Percent(fastest / point.SecondsPerByte));
        return table;
    }

    // The levels differ from machine to machine; the lesson of the seed's metric does not.
    static string Portable() =>
        $"cache-probe\n{Sum}: seconds per byte, median of the repeats; knees by isotonic regression with a noise bound\n\n{SeedSpill.Table.Title}\n{SeedSpill.Table.Table}";

    static Dictionary<string, double> At(long bytes) => new(StringComparer.Ordinal) { ["bytes"] = bytes };

    static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}

/// <summary>
/// The seed's search for a spill: products of C×C half-precision weights with S columns, judged by FLOP/s per MB of weights. With 2·C²·S FLOP and
/// 2·C² bytes that is S·1.048576/ms whatever C is: inverse latency. What a spill would slow down is the rate at which weights stream.
/// </summary>
static class SeedSpill
{
    // Channels, columns, milliseconds, and the flag that was set (one Apple M4 Max, 2026-03-03).
    static readonly (int Channels, int Columns, double Milliseconds, string Flag)[] Rows =
    [
        (256, 64, 0.378, ""), (512, 64, 0.431, ""), (1024, 64, 0.411, ""), (1536, 64, 0.493, ""), (2048, 64, 0.410, ""),
        (2560, 64, 0.237, "peak efficiency"), (3072, 64, 0.335, ""), (3584, 64, 0.414, ""), (4096, 64, 1.134, "spilling"), (4608, 64, 0.563, ""),
        (5120, 64, 0.659, ""), (6144, 64, 0.844, "spilling"), (8192, 32, 4.203, "catastrophic spilling"),
    ];

    public static TitledTable Table { get; } = new("The seed's spill table, recomputed: GFLOPS/MB is S*1.048576/ms, so it cannot see a spill; the weights' rate can", Recomputed());

    /// <summary>The seed's metric from its definition: FLOP/s over the weights in MiB.</summary>
    public static double GflopsPerMib(int channels, int columns, double milliseconds) =>
        Flops(channels, columns) / milliseconds / 1e6 / (WeightBytes(channels) / 1048576);

    static double Flops(int channels, int columns) => 2.0 * channels * channels * columns;

    static double WeightBytes(int channels) => 2.0 * channels * channels;

    static TextTable Recomputed()
    {
        var table = new TextTable(1, "seed's flag", "channels", "S", "ms", "TFLOP/s", "GFLOPS/MB", "S*1.048576/ms", "weights MB", "weights GB/s");
        foreach (var (channels, columns, milliseconds, flag) in Rows)
        {
            table.Row(
                flag, $"{channels}", $"{columns}", Text(milliseconds, "0.000"), Text(Flops(channels, columns) / milliseconds / 1e9, "0.000"),
                Text(GflopsPerMib(channels, columns, milliseconds), "0.0"), Text(columns * 1.048576 / milliseconds, "0.0"),
                Text(WeightBytes(channels) / 1e6, "0.0"), Text(WeightBytes(channels) / milliseconds / 1e6, "0.0"));
        }

        return table;
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
