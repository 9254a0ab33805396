using System.Diagnostics;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>A set of which a part is summed again and again: its speed shows which level of memory holds the part.</summary>
public sealed class StreamedSet
{
    readonly float[] set;

    public StreamedSet(long largestBytes)
    {
        set = GC.AllocateUninitializedArray<float>((int)(largestBytes / sizeof(float)), pinned: true);
        Array.Fill(set, 1f);
    }

    /// <summary>Time per byte of so many passes over a part of the set.</summary>
    /// <param name="place">Where the part lies, from 0 to 1: other pages fall into other places of a cache.</param>
    public double SecondsPerByte(long bytes, int passes, double place = 0)
    {
        var length = Whole((int)(bytes / sizeof(float)));
        var part = set.AsSpan(Whole((int)(place * (set.Length - length))), length);
        var start = Stopwatch.GetTimestamp();
        var sum = 0f;
        for (var pass = 0; pass < passes; pass++)
            sum += StreamKernel.Sum(part);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        GC.KeepAlive(sum);
        return seconds / ((double)passes * length * sizeof(float));
    }

    static int Whole(int elements) => elements / StreamKernel.Block * StreamKernel.Block;
}
