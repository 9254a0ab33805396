using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Is it the document that it says it is, of the machine that it says it is?</summary>
static class EvidenceIdentityChecks
{
    public static IEnumerable<EvidenceFinding> Run(string path, EvidenceRecord record, string? expectedSha256)
    {
        if (record.Schema is < EvidenceRecord.OldestSchema or > EvidenceRecord.CurrentSchema)
            yield return EvidenceFindings.Schema(path, record.Schema, EvidenceRecord.CurrentSchema);

        var content = ContentHash.Of(record);
        foreach (var finding in Hash(path, record.ContentSha256, content, expectedSha256))
            yield return finding;
        foreach (var finding in Name(path, EvidenceFile.Name(record with { ContentSha256 = content })))
            yield return finding;
        foreach (var finding in Machine(path, record.Machine, record.Peaks))
            yield return finding;
    }

    public static IEnumerable<EvidenceFinding> Hash(string path, string stated, string found, string? expected)
    {
        if (stated != found)
            yield return EvidenceFindings.ContentHash(path, stated, found);
        if (expected is not null && expected != found)
            yield return EvidenceFindings.Pinned(path, expected, found);
    }

    public static IEnumerable<EvidenceFinding> Name(string path, string expected)
    {
        if (Path.GetFileName(path) != expected)
            yield return EvidenceFindings.Name(path, expected);
    }

    public static IEnumerable<EvidenceFinding> Machine(string path, MachineRecord stated, MachinePeaks peaks)
    {
        foreach (var finding in Machine(path, stated))
            yield return finding;
        var fingerprint = Fingerprint.Of(stated.Facts);
        if (peaks.Fingerprint != fingerprint)
            yield return EvidenceFindings.Machine(path, "fingerprint of its peaks", peaks.Fingerprint, fingerprint);

        var content = ContentHash.Of(peaks);
        if (peaks.ContentSha256 != content)
            yield return EvidenceFindings.PeaksHash(path, peaks.ContentSha256, content);
    }

    public static IEnumerable<EvidenceFinding> Machine(string path, MachineRecord stated)
    {
        var derived = MachineRecord.Of(stated.Facts);
        if (!MachineClass.Fits(stated.Class, stated.Facts))
            yield return EvidenceFindings.Machine(path, "machine class", stated.Class, derived.Class);
        if (stated.Fingerprint != derived.Fingerprint)
            yield return EvidenceFindings.Machine(path, "fingerprint", stated.Fingerprint, derived.Fingerprint);
    }
}
