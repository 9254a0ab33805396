using System.Text.Json;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Reads a document that has exactly one text.</summary>
static class SidecarReader
{
    /// <summary>The document, absent when the file holds none, and what is wrong with its text.</summary>
    public static (T? Record, List<EvidenceFinding> Findings) Read<T>(string path, int schema)
        where T : class
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

        try
        {
            var record = CanonicalJson.Deserialize<T>(bytes);
            var canonical = CanonicalJson.Serialize(record);
            return (record, bytes.AsSpan().SequenceEqual(canonical)
                ? []
                : [EvidenceFindings.NotCanonical(path, bytes.AsSpan().CommonPrefixLength(canonical))]);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return (null, [EvidenceFindings.NotEvidence(path, schema, error.Message)]);
        }
    }
}
