using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Workloads.Machine.CacheProbe;

/// <summary>The caches that the system states, and the set sizes that show where they end.</summary>
sealed class CacheLevels(MachineFacts facts)
{
    const long Smallest = 64 << 10;
    const long UsualLastLevel = 32 << 20;

    // A knee this many octaves from a stated size is taken for that level's: a shared cache has less room than is stated.
    const double NearOctaves = 1.5;
    const double DenseOctaves = 2;

    public IReadOnlyList<(string Name, long Bytes)> Stated { get; } =
        [.. facts.Caches.Where(cache => cache.Level > 1).Select(cache => ($"L{cache.Level}", cache.Bytes)).Distinct().OrderBy(level => level.Bytes)];

    long LastLevel => Stated.Count > 0 ? Stated[^1].Bytes : UsualLastLevel;

    /// <summary>Geometric steps, closer to each other near a stated size.</summary>
    public IReadOnlyList<long> Sizes(int perOctaveNear, int perOctaveFar, double largestMultiple)
    {
        var sizes = new List<long>();
        var largest = Math.Min(largestMultiple * LastLevel, facts.MemoryBytes / 8.0);
        for (double size = Smallest; size <= largest; size *= Math.Pow(2, 1.0 / (IsNear(size) ? perOctaveNear : perOctaveFar)))
            sizes.Add((long)size);
        return sizes;
    }

    public (string Name, long Bytes)? Nearest(Interval knee)
    {
        var near = Stated.Where(level => Octaves(level.Bytes, Math.Sqrt(knee.Low * knee.High)) <= NearOctaves).ToList();
        return near.Count > 0 ? near.MinBy(level => Octaves(level.Bytes, Math.Sqrt(knee.Low * knee.High))) : null;
    }

    bool IsNear(double size) => Stated.Any(level => Octaves(level.Bytes, size) <= DenseOctaves);

    static double Octaves(double a, double b) => Math.Abs(Math.Log2(a / b));
}
