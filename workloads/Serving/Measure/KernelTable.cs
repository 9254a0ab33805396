using System.Globalization;
using MlPerfEdu.Catalog;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Serving.Measure;

/// <summary>All rows in the order of the original's table, with the last measurement of each.</summary>
public sealed class KernelTable(IEnumerable<KernelModule> modules, Func<string, KernelEvidence?> evidence)
{
    const double FarAhead = 10;

    readonly List<Line> lines = [.. from module in modules
        let found = evidence(module.Id)
        from row in module.Rows
        orderby row.Row
        select new Line(module, row, found, found?.Rows.FirstOrDefault(measured => measured.Operation == row.Operation))];

    /// <summary>Modules with a row that was not measured.</summary>
    public IReadOnlyList<string> Missing => [.. lines.Where(line => line.Measured is null).Select(line => line.Module.Id).Distinct()];

    /// <summary>Rows of the original's table whose every timed configuration is at least so many times as fast.</summary>
    public int Ahead(double times) => lines.Where(line => line.Row.OriginalMicroseconds is not null).GroupBy(line => line.Row.Row)
        .Count(row => row.All(line => line.Ratio >= times));

    public string Markdown()
    {
        var table = new TextTable(3, "row", "module", "operation", "original", "ours", "p95", "min", "ratio", "here", "ratio", "rate", "of roof");
        foreach (var line in lines)
        {
            table.Row(line.Row.Row.ToString(CultureInfo.InvariantCulture), line.Module.Name, line.Row.Operation,
                line.Row.OriginalMicroseconds is { } original ? Units.Si(original * 1e-6, "s") : "–",
                Time(line.Measured?.MedianSeconds), Time(line.Measured?.P95Seconds), Time(line.Measured?.MinSeconds),
                RatioText(line.Ratio), Time(line.Here), RatioText(line.Here / line.Measured?.MedianSeconds), Rate(line.Measured),
                line.Share is { } share ? Units.Percent(share) : "–");
        }
        return $"""
            {Machine()} {Ahead(1)} rows are as fast as the original's table or faster, {Ahead(FarAhead)} at least ten times as fast.

            {table}
            {string.Join('\n', Remarks())}
            """;
    }

    string Machine() => lines.Select(line => line.Evidence).OfType<KernelEvidence>().MaxBy(found => found.MeasuredAt) is { } newest
        ? $"Measured on {newest.Processor}, one thread, at {newest.MeasuredAt[..10]}; " +
            $"a call below 20 µs in batches, whose means p95 and min are of."
        : "Nothing measured yet.";

    IEnumerable<string> Remarks() => from line in lines
        where line.Row.Reason is not null
        select $"* Row {line.Row.Row}, `{line.Row.Operation}`: {line.Row.Reason}";

    static string Time(double? seconds) => seconds is { } known ? Units.Si(known, "s") : "–";

    static string RatioText(double? ratio) => ratio switch
    {
        null => "–",
        >= FarAhead => ratio.Value.ToString("0x", CultureInfo.InvariantCulture),
        _ => ratio.Value.ToString("0.0x", CultureInfo.InvariantCulture),
    };

    static string Rate(RowEvidence? row) => row switch
    {
        { Flops: { } flops } => Units.Si(flops / row.MedianSeconds, "FLOP/s"),
        { Bytes: { } bytes } => Units.Si(bytes / row.MedianSeconds, "B/s"),
        _ => "–",
    };

    sealed record Line(KernelModule Module, KernelRow Row, KernelEvidence? Evidence, RowEvidence? Measured)
    {
        public double? Ratio => Row.OriginalMicroseconds * 1e-6 / Measured?.MedianSeconds;

        /// <summary>The original's fastest time on the machine that ours was measured on.</summary>
        public double? Here => Measured is { OriginalHereSeconds: { Count: > 0 } seconds } ? seconds.Min() : null;

        public double? Share => Measured is { } row ? Evidence!.Roofs.ShareOf(row.Flops, row.Bytes, row.MedianSeconds) : null;
    }
}

/// <summary>The measurement of one module with all samples: one file per module, replaced by the next run.</summary>
public sealed record KernelEvidence(string Module, string MeasuredAt, string Processor, Roofs Roofs, IReadOnlyList<RowEvidence> Rows)
{
    public static KernelEvidence Of(KernelModule module, MachineFacts facts, Roofs roofs, IEnumerable<MeasuredRow> rows) => new(
        module.Id, DateTime.UtcNow.ToString("yyyy-MM-ddTHH-mm-ssZ"), facts.CpuModel, roofs, [.. rows.Select(RowEvidence.Of)]);

    public void Write(string folder) => AtomicFile.Write(PathIn(folder, Module), CanonicalJson.Serialize(this));

    /// <returns>Absent when nothing was measured yet.</returns>
    public static KernelEvidence? Read(string folder, string module) => PathIn(folder, module) is var path && File.Exists(path)
        ? CanonicalJson.Deserialize<KernelEvidence>(File.ReadAllBytes(path)) : null;

    static string PathIn(string folder, string module) => Path.Combine(folder, module + ".json");
}

/// <param name="MedianSeconds">Of the least disturbed round, as p95 and the interval.</param>
/// <param name="Seconds">Per call, one per sample of all rounds.</param>
/// <param name="OriginalHereSeconds">The original on this machine; empty where it was not run.</param>
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
