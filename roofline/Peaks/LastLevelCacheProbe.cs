using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Sums over sets from an eighth of the stated cache to eight times it, several passes over the same set.</summary>
static class LastLevelCacheProbe
{
    const int OctavesEachSide = 3;
    const int PointsPerOctave = 4;
    const int Repeats = 5;
    const long BytesPerSample = 64L << 20;

    public static CapacityProbe Run(MachineFacts facts, Action<double> progress)
    {
        var stated = facts.LastLevelCacheBytes;
        var centre = stated ?? WorkingSets.DefaultCacheBytes;
        var sizes = Enumerable.Range(-OctavesEachSide * PointsPerOctave, 2 * OctavesEachSide * PointsPerOctave + 1)
            .Select(step => (long)(centre * Math.Pow(2, (double)step / PointsPerOctave)))
            .Where(bytes => bytes <= WorkingSets.Largest(facts))
            .ToArray();
        var set = new StreamedSet(sizes[^1]);
        CapacityPoint[] points = [.. sizes.Select((size, index) =>
        {
            progress((double)index / sizes.Length);
            return new CapacityPoint(size, SecondsPerByte(set, size));
        })];
        return new CapacityProbe(points, CapacityKnee.Find(points), stated);
    }

    static double SecondsPerByte(StreamedSet set, long bytes)
    {
        var passes = (int)Math.Max(BytesPerSample / bytes, 1);
        // The first repeat brings the set in and is dropped.
        return Statistics.Median([.. Enumerable.Range(0, Repeats + 1).Select(_ => set.SecondsPerByte(bytes, passes)).Skip(1)]);
    }
}

/// <summary>Where streaming over a growing set turns from cache speed to memory speed.</summary>
public static class CapacityKnee
{
    // Two plateaus nearer than this are one plateau and its noise.
    const double LeastRise = 1.2;

    /// <summary>Largest set before the knee and smallest after it; absent when there is no knee.</summary>
    public static Interval? Find(IReadOnlyList<CapacityPoint> points)
    {
        var ordered = points.OrderBy(point => point.SetBytes).ToArray();
        // In logarithms, so that a slow outlier weighs as much as a fast one.
        var smooth = IsotonicRegression.Increasing([.. ordered.Select(point => Math.Log(point.SecondsPerByte))]);
        if (smooth.Length < 2 || smooth[^1] - smooth[0] < Math.Log(LeastRise))
            return null;
        var half = (smooth[0] + smooth[^1]) / 2;
        var after = Array.FindIndex(smooth, value => value > half);
        return new Interval(ordered[after - 1].SetBytes, ordered[after].SetBytes);
    }
}

/// <summary>
/// Finds the plateaus of a capacity trace. Isotonic regression takes the noise out, as a larger set never streams faster; steps smaller
/// than the noise are levelled; any piece that is then too short for a plateau is the way down from one to the next.
/// </summary>
public static class KneeFinder
{
    const int LeastPoints = 3;
    // A cache that others use as well is lost bit by bit: such a slope is one knee, not many.
    const double LeastOctaves = 0.8;
    const double LeastDrop = 1.15;
    const double NoiseFactor = 3;

    // Of the median distance from the median, for noise that is normal.
    const double Deviation = 1.4826;

    public static IReadOnlyList<Knee> Find(IReadOnlyList<CapacityPoint> points)
    {
        var ordered = points.OrderBy(point => point.SetBytes).ToArray();
        if (ordered.Length < 2 * LeastPoints)
            return [];
        double[] slowness = [.. ordered.Select(point => Math.Log(point.SecondsPerByte))];
        var smooth = IsotonicRegression.Increasing(slowness);
        var noise = Deviation * Statistics.Median([.. slowness.Zip(smooth, (raw, fit) => Math.Abs(raw - fit))]);
        var plateaus = Levelled(smooth, Math.Max(Math.Log(LeastDrop), NoiseFactor * noise)).Where(IsPlateau).ToList();
        return [.. plateaus.Zip(plateaus.Skip(1), (fast, slow) => new Knee(
            new(ordered[fast.Last].SetBytes, ordered[slow.Start].SetBytes), Math.Exp(-fast.Mean), Math.Exp(-slow.Mean)))];

        bool IsPlateau(Plateau flat) =>
            flat.Count >= LeastPoints && Math.Log2((double)ordered[flat.Last].SetBytes / ordered[flat.Start].SetBytes) >= LeastOctaves;
    }

    // The two neighbours that are nearest become one, until the nearest are further apart than a step.
    static List<Plateau> Levelled(double[] smooth, double leastStep)
    {
        var plateaus = smooth.Select((value, index) => new Plateau(index, 1, value)).ToList();
        while (plateaus.Count > 1)
        {
            var nearest = Enumerable.Range(0, plateaus.Count - 1).MinBy(index => plateaus[index + 1].Mean - plateaus[index].Mean);
            if (plateaus[nearest + 1].Mean - plateaus[nearest].Mean >= leastStep)
                break;
            plateaus[nearest] = plateaus[nearest].With(plateaus[nearest + 1]);
            plateaus.RemoveAt(nearest + 1);
        }

        return plateaus;
    }

    readonly record struct Plateau(int Start, int Count, double Mean)
    {
        public int Last => Start + Count - 1;

        public Plateau With(Plateau next) => new(Start, Count + next.Count, (Mean * Count + next.Mean * next.Count) / (Count + next.Count));
    }
}

/// <summary>Where streaming over a growing set falls from one plateau to the next.</summary>
/// <param name="Bytes">The largest set of the faster plateau and the smallest of the slower one: the capacity lies between.</param>
/// <param name="Before">Byte/s of the faster plateau.</param>
/// <param name="After">Byte/s of the slower one.</param>
public sealed record Knee(Interval Bytes, double Before, double After);

/// <summary>The nearest sequence, in least squares, that never falls: pool adjacent violators.</summary>
public static class IsotonicRegression
{
    public static double[] Increasing(IReadOnlyList<double> values)
    {
        var pools = new Stack<(double Sum, int Count)>();
        foreach (var value in values)
        {
            var pool = (Sum: value, Count: 1);
            while (pools.TryPeek(out var before) && before.Sum / before.Count > pool.Sum / pool.Count)
            {
                pools.Pop();
                pool = (pool.Sum + before.Sum, pool.Count + before.Count);
            }

            pools.Push(pool);
        }

        return [.. pools.Reverse().SelectMany(pool => Enumerable.Repeat(pool.Sum / pool.Count, pool.Count))];
    }
}
