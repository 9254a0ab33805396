using System.Security.Cryptography;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>The hash that a document carries of itself: over its canonical text with the hash field empty.</summary>
public static class ContentHash
{
    public static string Of(EvidenceRecord record) => Of<EvidenceRecord>(record with { ContentSha256 = "" });

    public static string Of(MachinePeaks peaks) => Of<MachinePeaks>(peaks with { ContentSha256 = "" });

    public static string Of(ExperimentRecord record) => Of<ExperimentRecord>(record with { ContentSha256 = "" });

    public static string Of(PeakEvidence evidence) => Of<PeakEvidence>(evidence with { ContentSha256 = "" });

    public static EvidenceRecord Seal(EvidenceRecord record) => record with { ContentSha256 = Of(record) };

    public static MachinePeaks Seal(MachinePeaks peaks) => peaks with { ContentSha256 = Of(peaks) };

    public static ExperimentRecord Seal(ExperimentRecord record) => record with { ContentSha256 = Of(record) };

    public static PeakEvidence Seal(PeakEvidence evidence) => evidence with { ContentSha256 = Of(evidence) };

    static string Of<T>(T document) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Serialize(document)));
}
