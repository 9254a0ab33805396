using System.Globalization;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
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
        // All sizes in turn, and again: a slow second of the machine then is one outlier at many sizes, not a knee at one.
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            for (var index = 0; index < sizes.Count; index++)
            {
                stop.ThrowIfCancellationRequested();
                var passes = (int)Math.Max(perSample / sizes[index], 1);
                set.SecondsPerByte(sizes[index], 1);
                var seconds = set.SecondsPerByte(sizes[index], passes);
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
        CapacityPoint[] trace = [.. points.Where(point => point.Name == Sum)
            .Select(point => new CapacityPoint((long)point.At["bytes"], Statistics.Median(point.Samples)))];
        var knees = KneeFinder.Find(trace);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["knees"] = knees.Count,
            ["sizes"] = trace.Length,
            ["fewest_samples"] = points.Where(point => point.Name == Sum).Min(point => point.Samples.Count),
            ["fastest_over_slowest"] = trace.Max(point => point.SecondsPerByte) / trace.Min(point => point.SecondsPerByte),
        };
        return new Findings(metrics, [new("Knees", KneeTable(knees)), new("Streaming speed over the size of the set", TraceTable(trace)), SeedSpill.Table], Portable());
    }

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
