using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using static System.FormattableString;

namespace MlPerfEdu.Roofline.Report;

/// <summary>One row per sidecar; ratios against the target and against a baseline sidecar of the same workload.</summary>
public static class ResultsTable
{
    const string None = "-";

    /// <param name="baselines">By workload id; a workload without one has no step ratio.</param>
    public static string Render(IReadOnlyList<EvidenceRecord> records, IReadOnlyDictionary<string, EvidenceRecord> baselines)
    {
        var table = new TextTable(
            5, "workload", "data", "target", "met", "working set / intensity / dispatch", "value", "of target", "step", "spread", "of baseline",
            "utilisation", "to target", "train", "memory");
        foreach (var record in records)
            table.Row(Cells(record, baselines.GetValueOrDefault(record.Workload.Id)));
        return table.ToString();
    }

    /// <summary>The machines that the rows were measured on, for the heading.</summary>
    public static string Machines(IReadOnlyList<EvidenceRecord> records) => string.Join("; ", records
        .Select(record => record.Machine)
        .Select(machine => $"{machine.Facts.CpuModel}, {machine.Facts.AvailableThreads} threads ({machine.Class})")
        .Distinct());

    static string[] Cells(EvidenceRecord record, EvidenceRecord? baseline)
    {
        var target = record.Quality.Target;
        var steps = record.Measurement.StepSeconds;
        double? median = steps.Count > 0 ? Statistics.Median(steps) : null;
        return
        [
            record.Workload.Id,
            $"{record.Data.Dataset} ({record.Data.Tier})",
            Invariant($"{target.Metric} {(target.Bound == QualityBound.AtLeast ? ">=" : "<=")} {target.Limit}"),
            record.Validity.All(line => line.Met) ? "YES" : "NO",
            string.Join(" / ", record.Regimes.All.Select(verdict => verdict.Value.Name())),
            Invariant($"{target.Value:0.####}"),
            target.Limit == 0 ? None : Units.Ratio(target.Value / target.Limit),
            median is { } step ? Units.Seconds(step) : None,
            median is null ? None : Units.Percent(Statistics.RelativeSpread(steps)),
            median is { } now && baseline?.Measurement.StepSeconds is { Count: > 0 } then ? Units.Ratio(now / Statistics.Median(then)) : None,
            record.Regimes.Dispatch.Measured is { } utilization ? Units.Percent(utilization.Middle) : None,
            record.Cost.TimeToTargetSeconds is { } seconds ? Units.Seconds(seconds) : None,
            Units.Seconds(record.Cost.TrainSeconds),
            Units.Si(record.Cost.PeakMemoryBytes, "B"),
        ];
    }
}
