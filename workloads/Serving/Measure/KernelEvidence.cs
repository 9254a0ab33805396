using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Serving.Measure;

/// <summary>What was measured of one module, with all samples; one file per module, replaced by the next run.</summary>
public sealed record KernelEvidence(string Module, string MeasuredAt, string Processor, IReadOnlyList<RowEvidence> Rows)
{
    /// <summary>The file that was written.</summary>
    public static string Write(string folder, KernelModule module, IEnumerable<MeasuredRow> rows)
    {
        var evidence = new KernelEvidence(module.Id, DateTime.UtcNow.ToString("yyyy-MM-ddTHH-mm-ssZ"),
            Roofline.Detect.Machine.Facts().CpuModel, [.. rows.Select(RowEvidence.Of)]);
        var path = Path.Combine(folder, module.Id + ".json");
        AtomicFile.Write(path, CanonicalJson.Serialize(evidence));
        return path;
    }
}

/// <param name="Seconds">Per call, one per sample.</param>
public sealed record RowEvidence(
    int Row, string Operation, double OriginalSeconds, double? Flops, double? Bytes, int Threads, int CallsPerSample,
    double MedianSeconds, double P95Seconds, double MinSeconds, double? IntervalLow, double? IntervalHigh, IReadOnlyList<double> Seconds)
{
    public static RowEvidence Of(MeasuredRow row) => new(
        row.Row.Row, row.Row.Operation, row.Row.OriginalMicroseconds * 1e-6, row.Kernel.Flops, row.Kernel.Bytes, row.Kernel.Threads,
        row.Latency.CallsPerSample, row.Latency.Median, row.Latency.P95, row.Latency.Min, row.Latency.Interval?.Low,
        row.Latency.Interval?.High, row.Latency.Samples);
}
