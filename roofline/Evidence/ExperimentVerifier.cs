using System.Text.Json;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Checks the sidecar of an experiment: its text, its hashes, and that its metrics follow from its points.</summary>
public static class ExperimentVerifier
{
    /// <param name="derive">The metrics that follow from a record's points; null when that cannot be said any more.</param>
    public static (ExperimentRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(
        string path, Func<ExperimentRecord, IReadOnlyDictionary<string, double>?> derive)
    {
        var (record, findings) = SidecarReader.Read<ExperimentRecord>(path, ExperimentRecord.CurrentSchema);
        if (record is not null)
            findings.AddRange(Identity(path, record));
        // From points that were damaged nothing has to follow.
        if (record is not null && findings.Count == 0)
            findings.AddRange(Derivation(path, record, derive));
        return (record, findings);
    }

    /// <summary>Whether a file holds an experiment, as far as its text can be read.</summary>
    public static bool IsExperiment(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("experiment", out _);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    static IEnumerable<EvidenceFinding> Identity(string path, ExperimentRecord record)
    {
        if (record.Schema != ExperimentRecord.CurrentSchema)
            yield return EvidenceFindings.Schema(path, record.Schema, ExperimentRecord.CurrentSchema);
        var content = ContentHash.Of(record);
        if (record.ContentSha256 != content)
            yield return EvidenceFindings.ContentHash(path, record.ContentSha256, content);
        var name = EvidenceFile.Name(record with { ContentSha256 = content });
        if (Path.GetFileName(path) != name)
            yield return EvidenceFindings.Name(path, name);
        foreach (var finding in EvidenceIdentityChecks.Machine(path, record.Machine))
            yield return finding;
    }

    static IEnumerable<EvidenceFinding> Derivation(
        string path, ExperimentRecord record, Func<ExperimentRecord, IReadOnlyDictionary<string, double>?> derive)
    {
        foreach (var check in record.Checks.Where(check => record.Metrics.GetValueOrDefault(check.Metric, double.NaN) != check.Value))
            yield return EvidenceFindings.Validity(path, check.ToString());
        if (derive(record) is not { } derived)
            yield break;
        foreach (var (metric, value) in derived.Where(pair => record.Metrics.GetValueOrDefault(pair.Key, double.NaN) != pair.Value))
            yield return EvidenceFindings.Metric(path, metric, record.Metrics.GetValueOrDefault(metric, double.NaN), value);
    }
}
