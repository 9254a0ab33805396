using System.Security.Cryptography;
using System.Text;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>Names a machine by the facts that stay the same from run to run.</summary>
public static class Fingerprint
{
    // A kernel update moves the stated memory by some megabytes.
    const double MemoryGrain = 1L << 30;

    const int ShortDigits = 12;

    /// <summary>Enough of one to tell machines apart in the names of files.</summary>
    public static string Short(string fingerprint) => fingerprint[..ShortDigits];

    public static string Of(MachineFacts facts)
    {
        var lines = new List<string>
        {
            $"os={facts.OsFamily}",
            $"architecture={facts.Architecture}",
            $"vendor={facts.CpuVendor}",
            $"model={facts.CpuModel}",
            $"isa={string.Join(',', facts.Isa)}",
            $"cores={facts.PhysicalCores}/{facts.LogicalCores}",
            $"memory={Math.Round(facts.MemoryBytes / MemoryGrain)}GiB",
        };
        lines.AddRange(facts.Caches.Select(cache => $"cache=L{cache.Level} {cache.Kind} {cache.Bytes}/{cache.SharedBy}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}
