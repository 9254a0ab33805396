using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>The exponential function of 16 floats at once.</summary>
public static class Exponential
{
    /// <summary>e^x to 2 units in the last place; 0 where the result would be subnormal, infinity from 88.4.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ln 2 / 2: a polynomial for e^r, and 2^n in two factors, as 2^128 is no float.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        // Of two that cannot be compared the second is taken: what is not a number stays so.
        var clamped = Vector512.MinNative(Vector512.Create(89f), x);
        var n = Vector512.Round(clamped * Vector512.Create(1.44269504f));
        // ln 2 in two parts: the first has so few digits that its multiples are exact.
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), clamped);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r) + Vector512<float>.One;
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87.336f)), Vector512<float>.Zero, Scaled(p, n));
    }

    // p · 2^n
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Scaled(Vector512<float> p, Vector512<float> n)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Scale(p, n);
        var whole = Vector512.ConvertToInt32Native(n);
        var half = whole >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> PowerOfTwo(Vector512<int> n) => ((n + Vector512.Create(127)) << 23).AsSingle();
}
