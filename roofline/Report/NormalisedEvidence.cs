namespace MlPerfEdu.Roofline.Report;

/// <summary>The reviewable part of a sidecar: no time, no loss, no path, no date.</summary>
public static class NormalisedEvidence
{
    /// <summary>The same on every machine.</summary>
    public static string Portable(EvidenceRecord record)
    {
        var count = record.Count;
        var text = new StringBuilder();
        Line("workload", $"{record.Workload.Id} ({record.Workload.Suite})");
        Line("data", $"{record.Data.Dataset} ({record.Data.Tier})");
        Line("target", Required(record.Quality.Target));
        foreach (var constraint in record.Quality.Constraints)
            Line("also", Required(constraint));
        Line("verdict", record.Quality.Met ? "met" : "missed");
        Line("batch", Units.Count(count.Batch));
        Line("parameters", Units.Count(count.Parameters));
        Line("forward MAC per sample", $"{count.ForwardMacsPerSample:#,0.##}");
        Line("FLOP per step", Units.Count(count.Flops));
        Line("bytes per step", Units.Count(count.Bytes));
        Line("unique bytes per step", Units.Count(count.UniqueBytes));
        Line("FLOP per byte", $"{count.FlopsPerByte:0.####}");
        Line("operator calls per step", Units.Count(count.OperatorCalls));
        return text.Append('\n').Append(LayerTable.Render(count)).ToString();

        void Line(string name, string value) => text.Append(name).Append(": ").Append(value).Append('\n');
    }

    /// <summary>The same on every machine of one class.</summary>
    /// <param name="kept">The baseline's value of every axis on which the measurement does not contradict it.</param>
    public static string MachineClass(EvidenceRecord record, IReadOnlyDictionary<RegimeAxis, RegimeValue> kept)
    {
        var text = new StringBuilder($"workload: {record.Workload.Id}\nmachine class: {record.Machine.Class}\n");
        foreach (var verdict in record.Regimes.All)
        {
            var value = kept.GetValueOrDefault(verdict.Axis, verdict.Value);
            text.Append($"{verdict.Axis.Name()}: {value.Name()}\n    {RegimeRules.Of(verdict.Axis, value, record.Thresholds)}\n");
        }

        return text.ToString();
    }

    static string Required(QualityCheck check) => $"{check.Metric} {check.Bound.Words()} {check.Limit}";
}
