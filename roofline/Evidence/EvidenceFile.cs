using System.Globalization;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Sidecars on disk: `id_UTC_first 12 digits of the content hash.json`.</summary>
public static class EvidenceFile
{
    const int DigitsInName = 12;
    const string TimeFormat = "yyyy-MM-ddTHH-mm-ssZ";

    /// <summary>The way a sidecar spells a moment.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string Name(IRunRecord record) => $"{record.Subject.Id}_{record.MeasuredAt}_{record.ContentSha256[..DigitsInName]}.json";

    public static string Name(PeakEvidence evidence) =>
        $"{PeakEvidence.Id(evidence.Machine.Fingerprint)}_{evidence.Peaks.MeasuredAt}_{evidence.ContentSha256[..DigitsInName]}.json";

    /// <summary>Seals the record and writes it; answers what was written and where.</summary>
    public static (string Path, EvidenceRecord Record) Write(string folder, EvidenceRecord record)
    {
        var sealedRecord = ContentHash.Seal(record);
        var path = Path.Combine(folder, Name(sealedRecord));
        AtomicFile.Write(path, CanonicalJson.Serialize(sealedRecord));
        return (path, sealedRecord);
    }

    public static (string Path, ExperimentRecord Record) Write(string folder, ExperimentRecord record)
    {
        var sealedRecord = ContentHash.Seal(record);
        var path = Path.Combine(folder, Name(sealedRecord));
        AtomicFile.Write(path, CanonicalJson.Serialize(sealedRecord));
        return (path, sealedRecord);
    }

    /// <summary>Reads one that can be trusted.</summary>
    /// <exception cref="EvidenceException">It has findings; the message lists them.</exception>
    public static EvidenceRecord Read(string path)
    {
        var (record, findings) = EvidenceVerifier.Check(path, expectedSha256: null);
        return record is null || findings.Count > 0 ? throw new EvidenceException(path, findings) : record;
    }
}
