using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Workloads.Machine.CacheProbe;

/// <summary>
/// Streams over sets of growing size, many passes over each. While the set fits a cache level, it streams at that level's speed;
/// where the speed drops, the set has outgrown it. The metric is bytes per second: FLOP/s per MB of weights is nothing but 1/time.
/// </summary>
[Workload("cache-probe")]
public sealed class CacheProbeExperiment(ExperimentSetup setup) : IExperiment
{
    const string Sum = "sum of a set, one thread";
    const string Stated = "stated by the system";
    readonly CacheLevels levels = new(setup.Facts);

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var geometry = setup.Geometry;
        var sizes = levels.Sizes(
            geometry.Int("points_per_octave_near"), geometry.Int("points_per_octave_far"), geometry.Number("largest_llc_multiple"));
        var samples = sizes.Select(_ => new List<double>()).ToArray();
        var set = new StreamedSet(sizes[^1]);
        var repeats = geometry.Int("repeats");
        var bytesPerSample = geometry.Number("sample_mb") * 1e6;
        // All sizes in turn, repeatedly: a slow second of the machine is then one outlier at many sizes, not a knee at one. Each repeat
        // is at another place in memory, because the share of a set that a cache holds depends on the pages of the set.
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            for (var index = 0; index < sizes.Count; index++)
            {
                stop.ThrowIfCancellationRequested();
                var passes = (int)Math.Max(bytesPerSample / sizes[index], 1);
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
            [new("Knees", KneeTable(knees)), new("Streaming speed over the size of the set", TraceTable(trace)), OriginalSpill.Table];
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
                level?.Name ?? "no stated level near", level is { } stated ? Units.Si(stated.Bytes, "B") : "",
                Units.Si(knee.Bytes.Low, "B"), Units.Si(knee.Bytes.High, "B"), $"{knee.Before / 1e9:0.0}", $"{knee.After / 1e9:0.0}");
        }
        return knees.Count > 0 ? table : table.Row("no knee", "", "", "", "", "");
    }

    static TextTable TraceTable(IReadOnlyList<CapacityPoint> trace)
    {
        var fastest = trace.Min(point => point.SecondsPerByte);
        var table = new TextTable(1, "set", "GB/s", "of the fastest");
        foreach (var point in trace)
            table.Row(Units.Si(point.SetBytes, "B"), $"{1e-9 / point.SecondsPerByte:0.0}", Units.Percent(fastest / point.SecondsPerByte));
        return table;
    }

    // The levels differ from machine to machine; the lesson of the original's metric does not.
    static string Portable() =>
        $"cache-probe\n{Sum}: seconds per byte, median of the repeats; knees by isotonic regression with a noise bound\n\n" +
        $"{OriginalSpill.Table.Title}\n{OriginalSpill.Table.Table}";

    static Dictionary<string, double> At(long bytes) => new() { ["bytes"] = bytes };
}

/// <summary>
/// The original's search for a cache spill: products of C×C half-precision weights with S columns, judged by FLOP/s per MB of weights.
/// With 2·C²·S FLOP and 2·C² bytes that is S·1.048576/ms for any C: inverse latency. A spill would slow down the streaming of weights.
/// </summary>
static class OriginalSpill
{
    // Channels, columns, milliseconds, and the flag that was set (one Apple M4 Max, 2026-03-03).
    static readonly (int Channels, int Columns, double Milliseconds, string Flag)[] Rows =
    [
        (256, 64, 0.378, ""), (512, 64, 0.431, ""), (1024, 64, 0.411, ""), (1536, 64, 0.493, ""), (2048, 64, 0.410, ""),
        (2560, 64, 0.237, "peak efficiency"), (3072, 64, 0.335, ""), (3584, 64, 0.414, ""), (4096, 64, 1.134, "spilling"), (4608, 64, 0.563, ""),
        (5120, 64, 0.659, ""), (6144, 64, 0.844, "spilling"), (8192, 32, 4.203, "catastrophic spilling"),
    ];

    public static TitledTable Table { get; } = new(
        "The original's spill table, recomputed: GFLOPS/MB is S*1.048576/ms, so it cannot see a spill; the weights' rate can", Recomputed());

    /// <summary>The original's metric from its definition: FLOP/s over the weights in MiB.</summary>
    public static double GflopsPerMib(int channels, int columns, double milliseconds) =>
        Flops(channels, columns) / milliseconds / 1e6 / (WeightBytes(channels) / 1048576);

    static double Flops(int channels, int columns) => 2.0 * channels * channels * columns;
    static double WeightBytes(int channels) => 2.0 * channels * channels;

    static TextTable Recomputed()
    {
        var table = new TextTable(1, "original flag", "channels", "S", "ms", "TFLOP/s", "GFLOPS/MB", "S*1.048576/ms", "weights MB", "weights GB/s");
        foreach (var (channels, columns, milliseconds, flag) in Rows)
        {
            table.Row(
                flag, $"{channels}", $"{columns}", $"{milliseconds:0.000}", $"{Flops(channels, columns) / milliseconds / 1e9:0.000}",
                $"{GflopsPerMib(channels, columns, milliseconds):0.0}", $"{columns * 1.048576 / milliseconds:0.0}",
                $"{WeightBytes(channels) / 1e6:0.0}", $"{WeightBytes(channels) / milliseconds / 1e6:0.0}");
        }
        return table;
    }
}

/// <summary>The cache sizes that the system states, and the set sizes that show where the caches end.</summary>
sealed class CacheLevels(MachineFacts facts)
{
    const long Smallest = 64 << 10;
    const long UsualLastLevel = 32 << 20;

    // A knee within so many octaves of a stated size is taken for that level's: a shared cache holds less than is stated.
    const double NearOctaves = 1.5;
    const double DenseOctaves = 2;

    public IReadOnlyList<(string Name, long Bytes)> Stated { get; } =
        [.. facts.Caches.Where(cache => cache.Level > 1).Select(cache => ($"L{cache.Level}", cache.Bytes)).Distinct().OrderBy(level => level.Bytes)];

    long LastLevel => Stated.Count > 0 ? Stated[^1].Bytes : UsualLastLevel;

    /// <summary>Geometric steps, closer to each other near a stated size.</summary>
    public IReadOnlyList<long> Sizes(int perOctaveNear, int perOctaveFar, double largestMultiple)
    {
        var sizes = new List<long>();
        var largest = Math.Min(largestMultiple * LastLevel, facts.MemoryBytes / 8.0);
        for (double size = Smallest; size <= largest; size *= Math.Pow(2, 1.0 / (IsNear(size) ? perOctaveNear : perOctaveFar)))
            sizes.Add((long)size);
        return sizes;
    }

    public (string Name, long Bytes)? Nearest(Interval knee)
    {
        var near = Stated.Where(level => Octaves(level.Bytes, Math.Sqrt(knee.Low * knee.High)) <= NearOctaves).ToList();
        return near.Count > 0 ? near.MinBy(level => Octaves(level.Bytes, Math.Sqrt(knee.Low * knee.High))) : null;
    }

    bool IsNear(double size) => Stated.Any(level => Octaves(level.Bytes, size) <= DenseOctaves);
    static double Octaves(double a, double b) => Math.Abs(Math.Log2(a / b));
}

/// <summary>How far the knees, and the speed before them, vary within a run, for the comparison with another run.</summary>
/// <param name="sums">Seconds per byte, by the size of the set; repeats in the order taken.</param>
sealed class KneeSpread(IReadOnlyList<MeasuredPoint> sums, Func<Interval, string> name)
{
    const int Parts = 3;
    readonly int repeats = sums.Min(point => point.Samples.Count);

    public IReadOnlyList<Finding> Compared(IReadOnlyList<Knee> knees) =>
    [
        .. Knees(knees),
        // Beyond the first knee, other programs may use the same cache and memory, so the speed varies from run to run.
        .. knees.Count == 0 ? [] : new[] { Speed("streaming before the first knee", size => size <= knees[0].Bytes.Low) },
    ];

    // The knees of all repeats, and those of only a part of them: a weak knee may be found or not. A level has one end: where the set
    // outgrows it gradually, that slope has one step or several.
    List<KneeFinding> Knees(IReadOnlyList<Knee> knees)
    {
        var ofParts = Enumerable.Range(0, repeats >= Parts ? Parts : 0).Select(OfPart).ToList();
        var found = new List<KneeFinding>();
        foreach (var level in knees.Concat(ofParts.SelectMany(part => part)).GroupBy(knee => name(knee.Bytes)))
        {
            var range = level.Select(knee => knee.Bytes).Aggregate((all, one) => all.Span(one));
            var steady = ofParts.Count == Parts && ofParts.All(part => part.Any(knee => Meet(knee.Bytes, range)));
            found.Add(new(level.Key, range, steady));
        }
        return found;
    }

    IReadOnlyList<Knee> OfPart(int part)
    {
        var within = (part * repeats / Parts)..((part + 1) * repeats / Parts);
        return KneeFinder.Find([.. sums.Select(point => new CapacityPoint(Size(point), Statistics.Median([.. point.Samples.Take(within)])))]);
    }

    TimeFinding Speed(string what, Func<long, bool> within)
    {
        var sizes = sums.Where(point => within(Size(point))).ToList();
        return new(
            what, [.. Enumerable.Range(0, repeats).Select(repeat => new TimedRound([sizes.Average(point => point.Samples[repeat])]))],
            OneThread: true, secondsPerByte => Units.Si(1 / secondsPerByte, "B/s"));
    }

    static bool Meet(Interval one, Interval other) => one.Low <= other.High && other.Low <= one.High;
    static long Size(MeasuredPoint point) => (long)point.At["bytes"];
}
