using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Workloads.Cli.Plots;

/// <summary>A picture in both of its forms.</summary>
/// <param name="Name">What its file is called, without the ending.</param>
sealed record Picture(string Name, string Svg, Func<int, bool, string> Text);

/// <summary>A roofline for each machine with all of its workloads, the machine's cache, and the steps of each workload.</summary>
static class EvidencePlots
{
    public static IEnumerable<Picture> Of(IReadOnlyList<EvidenceRecord> records) => records
        .GroupBy(record => record.Machine.Fingerprint)
        .SelectMany(machine => OfMachine([.. machine]))
        .Concat(records.Select(Step));

    static IEnumerable<Picture> OfMachine(IReadOnlyList<EvidenceRecord> records)
    {
        var newest = records.MaxBy(record => record.MeasuredAt, StringComparer.Ordinal)!;
        // One sidecar's pictures lie beside it; those of several belong to the machine.
        var name = records.Count == 1 ? NameOf(newest) : newest.Machine.Class;
        if (RooflinePlot.Of(newest.Peaks, newest.Machine.Facts.CpuModel, records) is { } roofline)
            yield return Of($"{name}.roofline", roofline);
        if (CapacityPlot.Of(newest.Peaks.LastLevelCache.Points, Knees(newest.Peaks.LastLevelCache)) is { } cache)
            yield return Of($"{name}.cache", cache);
    }

    static Dictionary<string, Interval> Knees(CapacityProbe probe) =>
        probe.Knee is { } knee ? new() { ["the last-level cache"] = knee } : [];

    static Picture Of(string name, Plot plot) => new(name, SvgPlot.Render(plot), (width, unicode) => TextPlot.Render(plot, width, unicode));

    static Picture Step(EvidenceRecord record)
    {
        var bars = StepBreakdown.Of(record.Workload.Id, record.Count);
        return new($"{NameOf(record)}.step", SvgBars.Render(bars), (width, unicode) => TextBars.Render(bars, width, unicode));
    }

    static string NameOf(EvidenceRecord record) => Path.GetFileNameWithoutExtension(EvidenceFile.Name(record));
}
