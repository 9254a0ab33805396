namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Recomputes everything a sidecar claims from the raw samples and counts in it. No finding means it holds.</summary>
public static class EvidenceVerifier
{
    /// <param name="path">A sidecar of a workload, or of a machine's peaks.</param>
    /// <param name="expectedSha256">The one that workloads.yaml states, when it states one.</param>
    public static IReadOnlyList<EvidenceFinding> Verify(string path, string? expectedSha256 = null) => PeakEvidence.IsNamed(path)
        ? CheckPeaks(path, expectedSha256).Findings
        : Check(path, expectedSha256).Findings;

    internal static (EvidenceRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(string path, string? expectedSha256)
    {
        var (record, findings) = SidecarReader.Read<EvidenceRecord>(path, EvidenceRecord.CurrentSchema);
        if (record is null)
            return (null, findings);
        findings.AddRange(EvidenceIdentityChecks.Run(path, record, expectedSha256));
        findings.AddRange(EvidenceDerivationChecks.Run(path, record));
        return (record, findings);
    }

    internal static (PeakEvidence? Evidence, IReadOnlyList<EvidenceFinding> Findings) CheckPeaks(string path, string? expectedSha256 = null)
    {
        var (evidence, findings) = SidecarReader.Read<PeakEvidence>(path, PeakEvidence.CurrentSchema);
        if (evidence is not null)
            findings.AddRange(PeakEvidenceChecks.Run(path, evidence, expectedSha256));
        return (evidence, findings);
    }
}
