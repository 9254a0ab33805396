using System.Security.Cryptography;

namespace MlPerfEdu.Data;

/// <summary>SHA-256 over samples and labels in the order of the splits, independent of any file format.</summary>
static class ContentsDigest
{
    public static string Of(ImageDataSet set) => Of([set.Train.Pixels, set.Train.Labels, set.Test.Pixels, set.Test.Labels]);

    static string Of(ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
