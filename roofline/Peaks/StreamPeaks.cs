using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Bandwidth of every memory level, on all threads.</summary>
sealed class StreamPeaks(MachineFacts facts, int threads, double sampleSeconds)
{
    static readonly PeakKind[] Streams = [PeakKind.Triad, PeakKind.Copy, PeakKind.Read, PeakKind.Update];

    /// <summary>The two roofs that are calibrated, and the fastest streams: no step moves its bytes faster.</summary>
    public IEnumerable<PeakTask> Roofs(ThreadTeam team) => Tasks(team, IsRoof);

    public IEnumerable<PeakSeries> Rest(Action<double> progress)
    {
        using var team = new ThreadTeam(threads);
        return PeakTask.InTurn([.. Tasks(team, (level, kind) => !IsRoof(level, kind))], progress);
    }

    static bool IsRoof(string level, PeakKind kind) => kind switch
    {
        PeakKind.Triad => level != MemoryLevels.L2,
        PeakKind.Update => level is MemoryLevels.L1 or MemoryLevels.L2,
        _ => false,
    };

    IEnumerable<PeakTask> Tasks(ThreadTeam team, Func<string, PeakKind, bool> wanted)
    {
        (string Level, long Bytes)[] levels =
        [
            .. Private(MemoryLevels.L1, 1),
            .. Private(MemoryLevels.L2, 2),
            (MemoryLevels.LastLevelCache, WorkingSets.LastLevelCache(facts)),
            (MemoryLevels.Memory, WorkingSets.Memory(facts)),
        ];
        return levels.SelectMany(level => OfLevel(level.Level, new BandwidthProbe(team, level.Bytes, sampleSeconds)));

        IEnumerable<PeakTask> OfLevel(string level, BandwidthProbe probe) => Streams.Where(kind => wanted(level, kind)).Select(kind => new PeakTask(
            new PeakSeries(kind, level, threads, probe.SetBytes, PeakSeries.Bytes, BandwidthProbe.Convention(kind), []),
            () =>
            {
                probe.Warm(kind);
                return probe.BytesPerSecond(kind);
            }));
    }

    IEnumerable<(string Level, long Bytes)> Private(string name, int level)
    {
        if (WorkingSets.Private(facts, level, threads) is { } bytes)
            yield return (name, bytes);
    }
}

/// <summary>How many bytes a bandwidth probe streams over, so that it surely stays in its level.</summary>
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

/// <summary>Streams over a working set that is spread evenly over the threads of a team.</summary>
/// <remarks>Ordinary stores: the line that a store first fetches (write-allocate) moves too, but is not counted.</remarks>
sealed class BandwidthProbe
{
    const int Arrays = 3;
    const float Factor = 0.5f;

    // Not a factor below 1: halved often enough, an update would multiply denormals.
    const float Sign = -1f;

    readonly ThreadTeam team;
    readonly double sampleSeconds;
    readonly float[][][] buffers;
    readonly float[] sums;
    readonly Dictionary<PeakKind, long> passes = [];

    public BandwidthProbe(ThreadTeam team, long setBytes, double sampleSeconds)
    {
        this.team = team;
        this.sampleSeconds = sampleSeconds;
        sums = new float[team.Size];
        var elements = setBytes / sizeof(float) / Arrays / team.Size;
        var length = (int)Math.Max(elements / StreamKernel.Block, 1) * StreamKernel.Block;
        SetBytes = (long)length * sizeof(float) * Arrays * team.Size;
        buffers = new float[team.Size][][];
        // Each thread touches its own part first, so that it lies in that thread's memory.
        team.Seconds(thread => buffers[thread] = [.. Enumerable.Range(0, Arrays).Select(_ => StreamKernel.Ones(length))]);
    }

    public long SetBytes { get; }

    public static string Convention(PeakKind kind) => kind switch
    {
        PeakKind.Triad => "a = b + s*c, fp32, 12 bytes per element, write-allocate not counted",
        PeakKind.Copy => "a = b, fp32, 8 bytes per element, write-allocate not counted",
        PeakKind.Read => "sum of a, fp32, 4 bytes per element",
        PeakKind.Update => "a = s*a, fp32, 8 bytes per element, nothing else moves",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a bandwidth probe; use Triad, Copy, Read or Update."),
    };

    public double BytesPerSecond(PeakKind kind)
    {
        if (!passes.TryGetValue(kind, out var count))
            passes[kind] = count = ThreadTeam.RoundsFor(sampleSeconds, 1, count => Pass(kind, count));
        return count * BytesPerPass(kind) / Pass(kind, count);
    }

    /// <summary>One unmeasured pass: caches and threads are as a steady stream has them.</summary>
    public void Warm(PeakKind kind) => Pass(kind, 1);

    // Every kernel goes through all three arrays, or the smaller part would stay in a smaller level.
    double BytesPerPass(PeakKind kind) => (double)SetBytes / Arrays * kind switch
    {
        PeakKind.Copy => 4,
        PeakKind.Update => 6,
        _ => 3,
    };

    double Pass(PeakKind kind, long count) => team.Seconds(thread =>
    {
        // Summed up here: the threads' places in the array share a cache line, which a store in every pass would tear to and fro.
        var sum = 0f;
        for (var pass = 0L; pass < count; pass++)
            sum += Once(kind, buffers[thread]);
        sums[thread] = sum;
    });

    static float Once(PeakKind kind, float[][] arrays)
    {
        switch (kind)
        {
            case PeakKind.Triad:
                StreamKernel.Triad(arrays[0], arrays[1], arrays[2], Factor);
                return 0;
            case PeakKind.Copy:
                StreamKernel.Copy(arrays[0], arrays[1]);
                StreamKernel.Copy(arrays[1], arrays[2]);
                return 0;
            case PeakKind.Update:
                foreach (var array in arrays)
                    StreamKernel.Update(array, Sign);
                return 0;
            default:
                var sum = 0f;
                foreach (var array in arrays)
                    sum += StreamKernel.Sum(array);
                return sum;
        }
    }
}
