using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Does a sidecar of peaks hold together, and do its shares follow from its samples?</summary>
static class PeakEvidenceChecks
{
    public static IEnumerable<EvidenceFinding> Run(string path, PeakEvidence evidence, string? expectedSha256)
    {
        if (evidence.Schema != PeakEvidence.CurrentSchema)
            yield return EvidenceFindings.Schema(path, evidence.Schema, PeakEvidence.CurrentSchema);

        foreach (var finding in EvidenceIdentityChecks.Hash(path, evidence.ContentSha256, ContentHash.Of(evidence), expectedSha256))
            yield return finding;
        foreach (var finding in EvidenceIdentityChecks.Name(path, EvidenceFile.Name(evidence with { ContentSha256 = ContentHash.Of(evidence) })))
            yield return finding;
        foreach (var finding in EvidenceIdentityChecks.Machine(path, evidence.Machine, evidence.Peaks))
            yield return finding;

        // Another schema's rules are not known here.
        if (evidence.Peaks.Schema != MachinePeaks.CurrentSchema)
            yield break;
        var derived = GemmShare.Of(evidence.Peaks);
        if (!evidence.GemmShares.SequenceEqual(derived))
            yield return EvidenceFindings.GemmShares(path, Text(evidence.GemmShares), Text(derived));
    }

    static string Text(IEnumerable<GemmShare> shares) => string.Join("; ", shares);
}
