using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Is it the document that it says it is, of the machine that it says it is?</summary>
static class EvidenceIdentityChecks
{
    public static IEnumerable<EvidenceFinding> Run(string path, EvidenceRecord record, string? expectedSha256)
    {
        if (record.Schema != EvidenceRecord.CurrentSchema)
            yield return EvidenceFindings.Schema(path, record.Schema, EvidenceRecord.CurrentSchema);

        var content = ContentHash.Of(record);
        if (record.ContentSha256 != content)
            yield return EvidenceFindings.ContentHash(path, record.ContentSha256, content);
        if (expectedSha256 is not null && expectedSha256 != content)
            yield return EvidenceFindings.Pinned(path, expectedSha256, content);

        var name = EvidenceFile.Name(record with { ContentSha256 = content });
        if (Path.GetFileName(path) != name)
            yield return EvidenceFindings.Name(path, name);

        var machine = MachineRecord.Of(record.Machine.Facts);
        if (record.Machine.Class != machine.Class)
            yield return EvidenceFindings.Machine(path, "machine class", record.Machine.Class, machine.Class);
        if (record.Machine.Fingerprint != machine.Fingerprint)
            yield return EvidenceFindings.Machine(path, "fingerprint", record.Machine.Fingerprint, machine.Fingerprint);
        if (record.Peaks.Fingerprint != machine.Fingerprint)
            yield return EvidenceFindings.Machine(path, "fingerprint of its peaks", record.Peaks.Fingerprint, machine.Fingerprint);

        var peaks = ContentHash.Of(record.Peaks);
        if (record.Peaks.ContentSha256 != peaks)
            yield return EvidenceFindings.PeaksHash(path, record.Peaks.ContentSha256, peaks);
    }
}
