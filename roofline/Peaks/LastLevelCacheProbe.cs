using System.Diagnostics;
using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Sums over sets from an eighth of the stated cache to eight times it, several passes over the same set.</summary>
static class LastLevelCacheProbe
{
    const int OctavesEachSide = 3;
    const int PointsPerOctave = 4;
    const int Repeats = 5;
    const long BytesPerSample = 64L << 20;

    public static CapacityProbe Run(MachineFacts facts)
    {
        var stated = facts.LastLevelCacheBytes;
        var centre = stated ?? WorkingSets.DefaultCacheBytes;
        var sizes = Enumerable.Range(-OctavesEachSide * PointsPerOctave, 2 * OctavesEachSide * PointsPerOctave + 1)
            .Select(step => (long)(centre * Math.Pow(2, (double)step / PointsPerOctave)))
            .Where(bytes => bytes <= WorkingSets.Largest(facts))
            .ToArray();
        var set = GC.AllocateUninitializedArray<float>((int)(sizes[^1] / sizeof(float)), pinned: true);
        Array.Fill(set, 1f);
        CapacityPoint[] points = [.. sizes.Select(size => new CapacityPoint(size, SecondsPerByte(set, size)))];
        return new CapacityProbe(points, CapacityKnee.Find(points), stated);
    }

    static double SecondsPerByte(float[] set, long bytes)
    {
        var length = (int)(bytes / sizeof(float)) / StreamKernel.Block * StreamKernel.Block;
        var passes = (int)Math.Max(BytesPerSample / bytes, 1);
        var samples = new List<double>();
        // The first repeat brings the set in and is dropped.
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            var sum = 0f;
            for (var pass = 0; pass < passes; pass++)
                sum += StreamKernel.Sum(set, length);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            GC.KeepAlive(sum);
            if (repeat > 0)
                samples.Add(seconds / ((double)passes * length * sizeof(float)));
        }

        return Statistics.Median(samples);
    }
}
