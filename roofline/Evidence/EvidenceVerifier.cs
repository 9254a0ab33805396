using System.Text.Json;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Recomputes everything a sidecar claims from the raw samples and counts in it. No finding means it holds.</summary>
public static class EvidenceVerifier
{
    /// <param name="expectedSha256">The one that workloads.yaml states, when it states one.</param>
    public static IReadOnlyList<EvidenceFinding> Verify(string path, string? expectedSha256 = null) =>
        Check(path, expectedSha256).Findings;

    internal static (EvidenceRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(string path, string? expectedSha256)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, [EvidenceFindings.Unreadable(path, error.Message)]);
        }

        EvidenceRecord record;
        byte[] canonical;
        try
        {
            record = CanonicalJson.Deserialize<EvidenceRecord>(bytes);
            canonical = CanonicalJson.Serialize(record);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return (null, [EvidenceFindings.NotEvidence(path, error.Message)]);
        }

        var findings = new List<EvidenceFinding>();
        if (!bytes.AsSpan().SequenceEqual(canonical))
            findings.Add(EvidenceFindings.NotCanonical(path, bytes.AsSpan().CommonPrefixLength(canonical)));
        findings.AddRange(EvidenceIdentityChecks.Run(path, record, expectedSha256));
        findings.AddRange(EvidenceDerivationChecks.Run(path, record));
        return (record, findings);
    }
}
