using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report.Plots;
using MlPerfEdu.Workloads.Experiments;

namespace MlPerfEdu.Workloads.Cli.Plots;

/// <param name="Name">What its file is called, without the ending.</param>
sealed record Picture(string Name, IDrawing Drawing);

/// <summary>
/// A roofline for each machine with all of its workloads, the machine's cache, and the steps of each workload;
/// of an experiment what it draws itself.
/// </summary>
static class EvidencePlots
{
    /// <param name="findings">What follows from the points of an experiment; null when that cannot be said any more.</param>
    public static IEnumerable<Picture> Of(IReadOnlyList<IRunRecord> records, Func<ExperimentRecord, Findings?> findings)
    {
        EvidenceRecord[] workloads = [.. records.OfType<EvidenceRecord>()];
        return workloads.GroupBy(record => record.Machine.Fingerprint).SelectMany(machine => OfMachine([.. machine]))
            .Concat(workloads.Where(record => record.Count.Layers.Count > 0).Select(Step))
            .Concat(records.OfType<ExperimentRecord>().SelectMany(record => (findings(record)?.Drawings ?? [])
                .Select(drawing => new Picture($"{NameOf(record)}.{drawing.Name}", drawing.Drawing))));
    }

    static IEnumerable<Picture> OfMachine(IReadOnlyList<EvidenceRecord> records)
    {
        var newest = records.MaxBy(record => record.MeasuredAt, StringComparer.Ordinal)!;
        // One sidecar's pictures lie beside it; those of several belong to the machine, which others of its class are not.
        var name = records.Count == 1 ? NameOf(newest) : $"{newest.Machine.Class}_{Fingerprint.Short(newest.Machine.Fingerprint)}";
        if (RooflinePlot.Of(newest.Peaks, newest.Machine.Facts.CpuModel, records) is { } roofline)
            yield return new($"{name}.roofline", roofline);
        if (CapacityPlot.Of(newest.Peaks.LastLevelCache.Points, Knees(newest.Peaks.LastLevelCache)) is { } cache)
            yield return new($"{name}.cache", cache);
    }

    static (string Name, Interval Bytes)[] Knees(CapacityProbe probe) =>
        probe.Knee is { } knee ? [("end of the last-level cache", knee)] : [];

    static Picture Step(EvidenceRecord record) => new($"{NameOf(record)}.step", StepBreakdown.Of(record.Workload.Id, record.Count));

    static string NameOf(IRunRecord record) => Path.GetFileNameWithoutExtension(EvidenceFile.Name(record));
}
