using MlPerfEdu.Roofline.Load;

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

    /// <summary>Five columns for a page that people look at first.</summary>
    public static string Short(IReadOnlyList<EvidenceRecord> records)
    {
        var table = new TextTable(4, "workload", "data", "score", "limited by", "step");
        foreach (var record in records)
        {
            var (target, steps) = (record.Quality.Target, record.Measurement.StepSeconds);
            table.Row(
                record.Workload.Id, $"{record.Data.Dataset} ({record.Data.Tier})",
                $"{target.Metric} {Score(target.Value)} ({target.Bound.Words()} {target.Limit})",
                string.Join(" / ", record.Regimes.All.Select(verdict => verdict.Value.Name())),
                steps.Count > 0 ? Units.Seconds(Statistics.Median(steps)) : None);
        }
        return table.ToString();
    }

    /// <summary>The machines that the rows were measured on, for the heading.</summary>
    public static string Machines(IReadOnlyList<EvidenceRecord> records) => string.Join("; ", records
        .Select(record => record.Machine)
        .Select(machine => $"{machine.Facts.CpuModel}, {machine.Facts.AvailableThreads} threads ({machine.Class})")
        .Distinct());

    // An error of a millionth is not none.
    static string Score(double value) => value != 0 && Math.Abs(value) < 1e-3 ? $"{value:0.0e0}" : $"{value:0.####}";

    static string[] Cells(EvidenceRecord record, EvidenceRecord? baseline)
    {
        var target = record.Quality.Target;
        var steps = record.Measurement.StepSeconds;
        double? median = steps.Count > 0 ? Statistics.Median(steps) : null;
        return
        [
            record.Workload.Id,
            $"{record.Data.Dataset} ({record.Data.Tier})",
            $"{target.Metric} {(target.Bound == QualityBound.AtLeast ? ">=" : "<=")} {target.Limit}",
            record.Validity.All(line => line.Met) ? "YES" : "NO",
            string.Join(" / ", record.Regimes.All.Select(verdict => verdict.Value.Name())),
            Score(target.Value),
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

/// <summary>The position of a workload under its machine's roofs, in a few lines.</summary>
public static class RooflineLine
{
    public static string Render(EvidenceRecord record)
    {
        var verdicts = record.Regimes.All.Select(verdict => $"{verdict.Axis.Name()}: {verdict.Value.Name()} ({verdict.Because})");
        return string.Join('\n', verdicts.Prepend(Point(record))) + "\n";
    }

    internal static string Point(EvidenceRecord record)
    {
        if (record.Point() is not { } point)
            return $"{record.Workload.Id}: not measured";
        var (flops, bytes) = (point.FlopsPerSecond.Middle, point.BytesPerSecond.Middle);
        var (compute, memory) = (point.Compute.Middle, point.MemoryRoof.Middle);
        return $"{record.Workload.Id}: {point.FlopsPerByte:0.##} FLOP/byte (ridge {point.Ridge.Middle:0.##}), "
            + $"{Units.Si(flops, "FLOP/s")} of {Units.Si(compute, "FLOP/s")} ({Units.Percent(flops / compute)}), "
            + $"{Units.Si(bytes, "B/s")} of {Units.Si(memory, "B/s")} ({Units.Percent(bytes / memory)}), "
            + $"step {Units.Seconds(Statistics.Median(record.Measurement.StepSeconds))}";
    }
}

/// <summary>The latency and throughput of a model under load, in one line.</summary>
public static class ServingLine
{
    public static string? Of(EvidenceRecord record)
    {
        if (record.Serving is not { } serving)
            return null;
        var metrics = record.Quality.Metrics;
        List<string> parts = [$"{serving.Load.Scenario.Name()}, {metrics["queries"]:0} queries: latency {Both("latency", 50, 90)}"];
        if (metrics.ContainsKey("between_tokens_p50"))
        {
            parts.Add($"first token {Both("time_to_first_token", 50, 99)}");
            parts.Add($"then a token every {Both("between_tokens", 50, 99)}");
            parts.Add($"{metrics["tokens_per_second"]:0.#} tokens/s");
        }

        if (metrics.TryGetValue("prompt_tokens", out var prompt))
            parts.Add($"{prompt * metrics["samples_per_second"]:0} prompt tokens/s");
        if (metrics.TryGetValue("speed_up", out var speedUp))
            parts.Add($"{100 * metrics["acceptance"]:0.#} % of drafts accepted, {speedUp:0.00}x of plain decoding's speed");
        if (metrics.TryGetValue("compression", out var compression))
            parts.Add($"{compression:0.00} times fewer bytes, {metrics["points_lost"]:0.0} points lost, {metrics["int8_speed_up"]:0.00}x of fp32's speed");
        return string.Join(", ", parts);

        string Both(string name, int typical, int tail) =>
            $"p{typical} {Units.Seconds(metrics[$"{name}_p{typical}"])}, p{tail} {Units.Seconds(metrics[$"{name}_p{tail}"])}";
    }
}
