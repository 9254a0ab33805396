using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Loops over plain arrays whose length is a multiple of <see cref="Block"/>.</summary>
static class StreamKernel
{
    const int SumUnroll = 4;

    /// <summary>Elements per turn of the widest loop.</summary>
    public static int Block => SumUnroll * Vector<float>.Count;

    /// <summary>Touched by the thread that calls, so that it lies in that thread's memory.</summary>
    public static float[] Ones(int length)
    {
        var array = GC.AllocateUninitializedArray<float>(length, pinned: true);
        Array.Fill(array, 1f);
        return array;
    }

    /// <summary>a = b + factor·c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Triad(float[] a, float[] b, float[] c, float factor)
    {
        ref var to = ref MemoryMarshal.GetArrayDataReference(a);
        ref var left = ref MemoryMarshal.GetArrayDataReference(b);
        ref var right = ref MemoryMarshal.GetArrayDataReference(c);
        var factors = new Vector<float>(factor);
        for (nuint i = 0; i < (nuint)a.Length; i += (nuint)Vector<float>.Count)
            (Vector.LoadUnsafe(ref left, i) + factors * Vector.LoadUnsafe(ref right, i)).StoreUnsafe(ref to, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float[] a, float[] b)
    {
        ref var to = ref MemoryMarshal.GetArrayDataReference(a);
        ref var from = ref MemoryMarshal.GetArrayDataReference(b);
        for (nuint i = 0; i < (nuint)a.Length; i += (nuint)Vector<float>.Count)
            Vector.LoadUnsafe(ref from, i).StoreUnsafe(ref to, i);
    }

    /// <summary>a = factor·a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(float[] a, float factor)
    {
        ref var to = ref MemoryMarshal.GetArrayDataReference(a);
        var factors = new Vector<float>(factor);
        for (nuint i = 0; i < (nuint)a.Length; i += (nuint)Vector<float>.Count)
            (factors * Vector.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
    }

    /// <summary>Σ a. Four partial sums, or the latency of the addition would be the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(ReadOnlySpan<float> a)
    {
        ref var from = ref MemoryMarshal.GetReference(a);
        var width = (nuint)Vector<float>.Count;
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nuint i = 0; i < (nuint)a.Length; i += (nuint)Block)
        {
            s0 += Vector.LoadUnsafe(ref from, i);
            s1 += Vector.LoadUnsafe(ref from, i + width);
            s2 += Vector.LoadUnsafe(ref from, i + 2 * width);
            s3 += Vector.LoadUnsafe(ref from, i + 3 * width);
        }

        return Vector.Sum(s0 + s1 + (s2 + s3));
    }
}

/// <summary>An array of which a part is summed repeatedly: the speed shows which level of memory holds the part.</summary>
public sealed class StreamedSet(long largestBytes)
{
    readonly float[] set = StreamKernel.Ones((int)(largestBytes / sizeof(float)));

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
