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
