namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Sidecars on disk: `id_UTC_first 12 digits of the content hash.json`.</summary>
public static class EvidenceFile
{
    const int DigitsInName = 12;

    public static string Name(ISidecar sidecar) => $"{sidecar.Id}_{sidecar.MeasuredAt}_{sidecar.ContentSha256[..DigitsInName]}.json";

    /// <summary>Seals the record and writes it; returns what was written and where.</summary>
    public static (string Path, T Record) Write<T>(string folder, T record)
        where T : ISidecar, ISealed<T>
    {
        var sealedRecord = ContentHash.Seal(record);
        var path = Path.Combine(folder, Name(sealedRecord));
        AtomicFile.Write(path, CanonicalJson.Serialize(sealedRecord));
        return (path, sealedRecord);
    }

    /// <summary>Reads a sidecar that can be trusted.</summary>
    /// <exception cref="EvidenceException">It has findings; the message lists them.</exception>
    public static EvidenceRecord Read(string path)
    {
        var (record, findings) = EvidenceVerifier.Check(path);
        return record is null || findings.Count > 0 ? throw new EvidenceException(path, findings) : record;
    }
}
