using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>How much a bandwidth probe streams over, so that it surely stays in its level.</summary>
static class WorkingSets
{
    /// <summary>Where the system states no cache.</summary>
    public const long DefaultCacheBytes = 8L << 20;

    const int MemoryMultiple = 4;

    // A probe must not push a small machine into swapping.
    const int LargestMemoryShare = 8;

    public static long LastLevelCache(MachineFacts facts) => (facts.LastLevelCacheBytes ?? DefaultCacheBytes) / 2;

    public static long Memory(MachineFacts facts) =>
        Math.Min(MemoryMultiple * (facts.LastLevelCacheBytes ?? DefaultCacheBytes), Largest(facts));

    public static long Largest(MachineFacts facts) =>
        facts.MemoryBytes > 0 ? facts.MemoryBytes / LargestMemoryShare : long.MaxValue;

    /// <summary>Half of a cache level for every thread that has one of its own; absent when the level is not stated or is the last.</summary>
    public static long? Private(MachineFacts facts, int level, int threads)
    {
        var cache = facts.Caches.FirstOrDefault(cache => cache.Level == level && cache.Kind != "instruction");
        return cache is null || cache.Bytes == facts.LastLevelCacheBytes ? null : cache.Bytes / 2 * threads;
    }
}
