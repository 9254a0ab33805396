using ThreadTeam = MlPerfEdu.Roofline.Peaks.ThreadTeam;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Serving.Measure;

/// <summary>Roofs of one thread in the same run: multiply-adds in registers, and the better of reading and copying per memory level.</summary>
public sealed record Roofs(double FlopsPerSecond, IReadOnlyList<LevelRoof> Levels)
{
    const double SampleSeconds = 0.01;
    const int Repeats = 5;

    public static Roofs Measure(MachineFacts facts)
    {
        using var team = new ThreadTeam(1);
        var fma = FmaKernel.Widths.Max(width => Best(new FmaProbe(team, width, SampleSeconds).FlopsPerSecond));
        return new(fma,
        [
            .. Private(team, facts, MemoryLevels.L1, 1), .. Private(team, facts, MemoryLevels.L2, 2),
            Level(team, MemoryLevels.LastLevelCache, WorkingSets.LastLevelCache(facts)),
        ]);
    }

    /// <summary>The higher of each, of two measurements on one machine.</summary>
    public Roofs Or(Roofs other) => new(Math.Max(FlopsPerSecond, other.FlopsPerSecond),
        [.. Levels.Zip(other.Levels, (one, another) => one.BytesPerSecond >= another.BytesPerSecond ? one : another)]);

    /// <summary>The larger share of the two roofs; absent where nothing is countable.</summary>
    public double? ShareOf(double? flops, double? bytes, double seconds) => flops is null && bytes is null ? null : Math.Max(
        (flops ?? 0) / seconds / FlopsPerSecond,
        (bytes ?? 0) / seconds / (Levels.FirstOrDefault(level => bytes <= level.Bytes) ?? Levels[^1]).BytesPerSecond);

    static IEnumerable<LevelRoof> Private(ThreadTeam team, MachineFacts facts, string name, int level)
    {
        if (WorkingSets.Private(facts, level, 1) is { } bytes)
            yield return Level(team, name, bytes);
    }

    // A probe streams over half of a level; a row may fill it.
    static LevelRoof Level(ThreadTeam team, string name, long bytes)
    {
        var probe = new BandwidthProbe(team, bytes, SampleSeconds);
        var best = new[] { PeakKind.Read, PeakKind.Copy }.Max(kind => Best(() => probe.BytesPerSecond(kind)));
        return new(name, 2 * bytes, best);
    }

    static double Best(Func<double> sample) => Enumerable.Range(0, Repeats).Max(_ => sample());
}

/// <param name="Bytes">Capacity of the level.</param>
public sealed record LevelRoof(string Name, long Bytes, double BytesPerSecond);
