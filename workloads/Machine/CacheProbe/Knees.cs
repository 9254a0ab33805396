using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;

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

/// <summary>How far the knees, and the speed before them, vary within a run: what another run is held against.</summary>
/// <param name="sums">Seconds per byte, by the size of the set; repeats in the order taken.</param>
sealed class KneeSpread(IReadOnlyList<MeasuredPoint> sums, Func<Interval, string> name)
{
    const int Parts = 3;

    readonly int repeats = sums.Min(point => point.Samples.Count);

    public IReadOnlyList<Finding> Compared(IReadOnlyList<Knee> knees) =>
    [
        .. Knees(knees),
        // Behind the first knee others may use the same cache and memory: how fast they are from run to run is not this machine's alone.
        .. knees.Count == 0 ? [] : new[] { Speed("streaming before the first knee", size => size <= knees[0].Bytes.Low) },
    ];

    // Those of all repeats, and those that only a part of them has: a weak knee may be there or not. A level has one end: where it
    // is lost bit by bit, that slope has one step or several.
    List<KneeFinding> Knees(IReadOnlyList<Knee> knees)
    {
        var ofParts = Enumerable.Range(0, repeats >= Parts ? Parts : 0).Select(OfPart).ToList();
        var found = new List<KneeFinding>();
        foreach (var level in knees.Concat(ofParts.SelectMany(part => part)).GroupBy(knee => name(knee.Bytes)))
        {
            var range = level.Select(knee => knee.Bytes).Aggregate((all, one) => all.Span(one));
            var steady = ofParts.Count == Parts && ofParts.All(part => part.Any(knee => Meet(knee.Bytes, range)));
            found.Add(new(level.Key, range, steady));
        }

        return found;
    }

    IReadOnlyList<Knee> OfPart(int part)
    {
        var within = (part * repeats / Parts)..((part + 1) * repeats / Parts);
        return KneeFinder.Find([.. sums.Select(point => new CapacityPoint(Size(point), Statistics.Median([.. point.Samples.Take(within)])))]);
    }

    TimeFinding Speed(string what, Func<long, bool> within)
    {
        var sizes = sums.Where(point => within(Size(point))).ToList();
        return new(
            what, [.. Enumerable.Range(0, repeats).Select(repeat => new TimedRound([sizes.Average(point => point.Samples[repeat])]))],
            OneThread: true, secondsPerByte => Units.Si(1 / secondsPerByte, "B/s"));
    }

    static bool Meet(Interval one, Interval other) => one.Low <= other.High && other.Low <= one.High;

    static long Size(MeasuredPoint point) => (long)point.At["bytes"];
}
