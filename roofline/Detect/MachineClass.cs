using System.Numerics;
using System.Security.Cryptography;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>The coarse name under which baselines are kept: system, architecture, widest instructions and last-level cache.</summary>
public static class MachineClass
{
    const long KiB = 1 << 10;
    const long MiB = 1 << 20;

    // The first that the machine has: a library picks its fastest kernels by it.
    static readonly (string Extension, string Bracket)[] Brackets =
    [
        ("amx_tile", "amx"), ("avx512f", "avx512"), ("avx2", "avx2"), ("avx", "avx"), ("sse2", "sse2"),
        ("sme", "sme"), ("sve", "sve"), ("advsimd", "neon"),
    ];

    /// <summary>As linux-x64-avx2-llc32m.</summary>
    public static string Of(MachineFacts facts) =>
        $"{Platform(facts.OsFamily)}-{facts.Architecture}-{Instructions(facts.Isa)}-llc{Cache(facts.LastLevelCacheBytes)}";

    /// <summary>Whether a sidecar may name this class: as classes are named now, or were before they knew caches and matrix units.</summary>
    public static bool Fits(string machineClass, MachineFacts facts) => machineClass == Of(facts) || machineClass == Former(facts);

    // As .NET's runtime identifiers spell it.
    static string Platform(string family) => family switch { "macos" => "osx", "windows" => "win", _ => family };

    static string Instructions(IReadOnlyList<string> isa) =>
        Brackets.Where(bracket => isa.Contains(bracket.Extension)).Select(bracket => bracket.Bracket).FirstOrDefault("scalar");

    // The largest power of two that fits: systems state exact sizes, so a size on an edge stays on its side.
    static string Cache(long? bytes) => bytes switch
    {
        >= MiB => $"{1L << BitOperations.Log2((ulong)bytes / MiB)}m",
        >= KiB => $"{1L << BitOperations.Log2((ulong)bytes / KiB)}k",
        _ => MachineFacts.Unknown,
    };

    static string Former(MachineFacts facts)
    {
        var machine = $"{facts.OsFamily}-{facts.Architecture}";
        if (facts.OsFamily != "linux" || facts.Architecture != "x64")
            return machine;
        if (facts.Isa.Contains("avx512f"))
            return $"{machine}-avx512";
        return facts.Isa.Contains("avx2") ? $"{machine}-avx2" : machine;
    }
}

/// <summary>Names a machine by the facts that stay the same from run to run.</summary>
public static class Fingerprint
{
    // A kernel update moves the stated memory by some megabytes.
    const double MemoryGrain = 1L << 30;

    const int ShortDigits = 12;

    /// <summary>Enough digits to tell machines apart in the names of files.</summary>
    public static string Short(string fingerprint) => fingerprint[..ShortDigits];

    public static string Of(MachineFacts facts)
    {
        string[] lines =
        [
            $"os={facts.OsFamily}",
            $"architecture={facts.Architecture}",
            $"vendor={facts.CpuVendor}",
            $"model={facts.CpuModel}",
            $"isa={string.Join(',', facts.Isa)}",
            $"cores={facts.PhysicalCores}/{facts.LogicalCores}",
            $"memory={Math.Round(facts.MemoryBytes / MemoryGrain)}GiB",
            .. facts.Caches.Select(cache => $"cache=L{cache.Level} {cache.Kind} {cache.Bytes}/{cache.SharedBy}"),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}
