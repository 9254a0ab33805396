using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using static System.FormattableString;

namespace MlPerfEdu.Roofline.Report;

/// <summary>Where a workload lies under its machine's roofs, in a few lines.</summary>
public static class RooflineLine
{
    public static string Render(EvidenceRecord record)
    {
        var lines = new List<string> { Point(record) };
        lines.AddRange(record.Regimes.All.Select(verdict => $"{verdict.Axis.Name()}: {verdict.Value.Name()} ({verdict.Because})"));
        return string.Join('\n', lines) + "\n";
    }

    internal static string Point(EvidenceRecord record)
    {
        var point = RooflinePoint.From(record.Count, record.Measurement, record.Peaks, record.Regimes.WorkingSet.Value);
        if (point is null)
            return $"{record.Workload.Id}: not measured";
        var (flops, bytes) = (point.FlopsPerSecond.Middle, point.BytesPerSecond.Middle);
        var (compute, memory) = (point.Compute.Middle, point.MemoryRoof.Middle);
        return Invariant($"{record.Workload.Id}: {point.FlopsPerByte:0.##} FLOP/byte (ridge {point.Ridge.Middle:0.##}), ")
            + $"{Units.Si(flops, "FLOP/s")} of {Units.Si(compute, "FLOP/s")} ({Units.Percent(flops / compute)}), "
            + $"{Units.Si(bytes, "B/s")} of {Units.Si(memory, "B/s")} ({Units.Percent(bytes / memory)}), "
            + $"step {Units.Seconds(Statistics.Median(record.Measurement.StepSeconds))}";
    }
}
