using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Merging;

/// <summary>
/// Spherical interpolation of two weights (Shoemake 1985): along the great circle between their directions, where the straight
/// line would cut through the sphere and give weights that are too small.
/// </summary>
public static class Slerp
{
    const int Lanes = 16;
    const double ShortestLength = 1e-8;
    const double MostCosine = 0.9995;

    /// <param name="t">0 gives the first, 1 the second.</param>
    public static void Into(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float t, Span<float> merged)
    {
        Guard.NotEmpty(first.Length, "weights");
        Guard.Length(second.Length, first.Length, "the second weights");
        Guard.Length(merged.Length, first.Length, "the merged weights");
        CheckShare(t);
        var (ofFirst, ofSecond) = Factors(Sums(first, second), t);
        Blend(first, second, ofFirst, ofSecond, merged);
    }

    /// <summary>By the formula and in double; the oracle.</summary>
    public static void Plain(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float t, Span<float> merged)
    {
        var (aa, ab, bb) = (0.0, 0.0, 0.0);
        for (var index = 0; index < first.Length; index++)
        {
            aa += (double)first[index] * first[index];
            ab += (double)first[index] * second[index];
            bb += (double)second[index] * second[index];
        }
        var (ofFirst, ofSecond) = Factors((aa, ab, bb), t);
        for (var index = 0; index < first.Length; index++)
            merged[index] = (float)(ofFirst * first[index] + ofSecond * second[index]);
    }

    internal static void CheckShare(float t)
    {
        if (!(t is >= 0 and <= 1))
            throw ServingErrors.OutOfRange("a share of", t, "0 to 1");
    }

    /// <summary>sin((1 − t)θ) / sin θ and sin(tθ) / sin θ; the straight line where there is no angle or hardly any.</summary>
    static (double OfFirst, double OfSecond) Factors((double AA, double AB, double BB) sums, double t)
    {
        if (!double.IsFinite(sums.AA) || !double.IsFinite(sums.BB))
            throw ServingErrors.OutOfRange("a sum of squares of", double.IsFinite(sums.AA) ? sums.BB : sums.AA, "a finite one");
        var (a, b) = (Math.Sqrt(sums.AA), Math.Sqrt(sums.BB));
        if (a < ShortestLength || b < ShortestLength || sums.AB / (a * b) > MostCosine)
            return (1 - t, t);
        // Exactly opposite directions have no great circle of their own, and a sine of 0 divides nothing.
        var angle = Math.Acos(Math.Max(sums.AB / (a * b), -MostCosine));
        return (Math.Sin((1 - t) * angle) / Math.Sin(angle), Math.Sin(t * angle) / Math.Sin(angle));
    }

    // Both lengths and the product in one pass over memory.
    [MethodImpl(Simd.Loop)]
    static (double AA, double AB, double BB) Sums(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        ref var a = ref MemoryMarshal.GetReference(first);
        ref var b = ref MemoryMarshal.GetReference(second);
        Vector512<float> aa0 = default, ab0 = default, bb0 = default, aa1 = default, ab1 = default, bb1 = default;
        var index = 0;
        for (; index <= first.Length - 2 * Lanes; index += 2 * Lanes)
        {
            var (a0, b0) = (Simd.Load(ref a, index), Simd.Load(ref b, index));
            var (a1, b1) = (Simd.Load(ref a, index + Lanes), Simd.Load(ref b, index + Lanes));
            aa0 = Vector512.FusedMultiplyAdd(a0, a0, aa0);
            ab0 = Vector512.FusedMultiplyAdd(a0, b0, ab0);
            bb0 = Vector512.FusedMultiplyAdd(b0, b0, bb0);
            aa1 = Vector512.FusedMultiplyAdd(a1, a1, aa1);
            ab1 = Vector512.FusedMultiplyAdd(a1, b1, ab1);
            bb1 = Vector512.FusedMultiplyAdd(b1, b1, bb1);
        }
        var (aa, ab, bb) = ((double)Simd.Sum(aa0 + aa1), (double)Simd.Sum(ab0 + ab1), (double)Simd.Sum(bb0 + bb1));
        for (; index < first.Length; index++)
        {
            aa += (double)first[index] * first[index];
            ab += (double)first[index] * second[index];
            bb += (double)second[index] * second[index];
        }
        return (aa, ab, bb);
    }

    [MethodImpl(Simd.Loop)]
    static void Blend(ReadOnlySpan<float> first, ReadOnlySpan<float> second, double ofFirst, double ofSecond, Span<float> merged)
    {
        ref var a = ref MemoryMarshal.GetReference(first);
        ref var b = ref MemoryMarshal.GetReference(second);
        ref var to = ref MemoryMarshal.GetReference(merged);
        var (wideFirst, wideSecond) = (Vector512.Create((float)ofFirst), Vector512.Create((float)ofSecond));
        var index = 0;
        for (; index <= first.Length - Lanes; index += Lanes)
        {
            var part = Simd.Load(ref b, index) * wideSecond;
            Vector512.FusedMultiplyAdd(Simd.Load(ref a, index), wideFirst, part).StoreUnsafe(ref to, (nuint)index);
        }
        for (; index < first.Length; index++)
            merged[index] = (float)(ofFirst * first[index] + ofSecond * second[index]);
    }
}
