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

    /// <summary>Time per byte of so many passes over the first bytes of the set.</summary>
    public double SecondsPerByte(long bytes, int passes)
    {
        var length = (int)(bytes / sizeof(float)) / StreamKernel.Block * StreamKernel.Block;
        var start = Stopwatch.GetTimestamp();
        var sum = 0f;
        for (var pass = 0; pass < passes; pass++)
            sum += StreamKernel.Sum(set, length);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        GC.KeepAlive(sum);
        return seconds / ((double)passes * length * sizeof(float));
    }
}
