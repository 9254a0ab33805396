using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>What the machine says about itself. Words it does not say are "unknown", numbers 0.</summary>
public sealed record MachineFacts
{
    public const string Unknown = "unknown";

    /// <summary>linux, macos or windows.</summary>
    public required string OsFamily { get; init; }

    /// <summary>x64, arm64, …</summary>
    public required string Architecture { get; init; }

    public required string CpuVendor { get; init; }

    public required string CpuModel { get; init; }

    /// <summary>Vector and matrix extensions, sorted; what .NET can use, and what else the system names.</summary>
    public required IReadOnlyList<string> Isa { get; init; }

    public required int PhysicalCores { get; init; }

    public required int LogicalCores { get; init; }

    /// <summary>Processors this process may use; affinity and container limits included.</summary>
    public required int AvailableThreads { get; init; }

    public required IReadOnlyList<CacheFact> Caches { get; init; }

    public required long MemoryBytes { get; init; }

    [JsonIgnore]
    public long? LastLevelCacheBytes => Caches.Where(cache => cache.Kind != "instruction").MaxBy(cache => cache.Level)?.Bytes;
}
