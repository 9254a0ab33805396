using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Serving.Measure;

/// <summary>What was measured of one module, with all samples; one file per module, replaced by the next run.</summary>
public sealed record KernelEvidence(string Module, string MeasuredAt, string Processor, Roofs Roofs, IReadOnlyList<RowEvidence> Rows)
{
    public static KernelEvidence Of(KernelModule module, MachineFacts facts, Roofs roofs, IEnumerable<MeasuredRow> rows) => new(
        module.Id, DateTime.UtcNow.ToString("yyyy-MM-ddTHH-mm-ssZ"), facts.CpuModel, roofs, [.. rows.Select(RowEvidence.Of)]);

    public void Write(string folder) => AtomicFile.Write(PathIn(folder, Module), CanonicalJson.Serialize(this));

    /// <summary>Of the last run; absent when there was none.</summary>
    public static KernelEvidence? Read(string folder, string module) => PathIn(folder, module) is var path && File.Exists(path)
        ? CanonicalJson.Deserialize<KernelEvidence>(File.ReadAllBytes(path)) : null;

    static string PathIn(string folder, string module) => Path.Combine(folder, module + ".json");
}

/// <param name="MedianSeconds">Of the round that others disturbed least, as p95 and the interval.</param>
/// <param name="Seconds">Per call, one per sample of all rounds.</param>
/// <param name="OriginalHereSeconds">The same of the original's way on this machine; empty where it was not asked.</param>
public sealed record RowEvidence(
    int Row, string Operation, double? OriginalSeconds, double? Flops, double? Bytes, int Threads, int CallsPerSample,
    double MedianSeconds, double P95Seconds, double MinSeconds, double? IntervalLow, double? IntervalHigh, IReadOnlyList<double> Seconds,
    IReadOnlyList<double> OriginalHereSeconds)
{
    public static RowEvidence Of(MeasuredRow row) => new(
        row.Row.Row, row.Row.Operation, row.Row.OriginalMicroseconds * 1e-6, row.Kernel.Flops, row.Kernel.Bytes, row.Kernel.Threads,
        row.Latency.CallsPerSample, row.Latency.Median, row.Latency.P95, row.Latency.Min, row.Latency.Interval?.Low,
        row.Latency.Interval?.High, [.. row.Latency.Rounds.SelectMany(round => round)], row.OriginalHere);
}
