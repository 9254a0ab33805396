namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Recomputes everything a sidecar claims from the raw samples and counts in it. No finding means it holds.</summary>
public static class EvidenceVerifier
{
    /// <param name="expectedSha256">The one that workloads.yaml states, when it states one.</param>
    public static IReadOnlyList<EvidenceFinding> Verify(string path, string? expectedSha256 = null) =>
        Check(path, expectedSha256).Findings;

    internal static (EvidenceRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(string path, string? expectedSha256)
    {
        var (record, findings) = SidecarReader.Read<EvidenceRecord>(path, EvidenceRecord.CurrentSchema);
        if (record is null)
            return (null, findings);
        findings.AddRange(EvidenceIdentityChecks.Run(path, record, expectedSha256));
        findings.AddRange(EvidenceDerivationChecks.Run(path, record));
        return (record, findings);
    }
}
