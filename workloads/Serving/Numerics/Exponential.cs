using System.Runtime.CompilerServices;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>The exponential function of a vector of floats.</summary>
public static class Exponential
{
    // Of which the exponential is still a normal number.
    const float Smallest = -87.336f;
    const float Largest = 88.7228f;

    /// <summary>e^x to 2 units in the last place; 0 where the result would be subnormal, and never more than e^88.7228, near the largest.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ln 2 / 2: a polynomial for e^r, times 2^n.</remarks>
    [MethodImpl(Simd.Inline)]
    public static T Of<T>(T x)
        where T : struct, IWide<T>
    {
        // What is not a number stays so.
        var clamped = T.Min(T.Create(Largest), x);
        var n = T.Round(clamped * T.Create(1.44269504f));
        // ln 2 in two parts: the first has so few digits that its multiples are exact.
        var r = T.MultiplyAdd(n, T.Create(-0.693359375f), clamped);
        r = T.MultiplyAdd(n, T.Create(2.12194440e-4f), r);
        var p = T.Create(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Create(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Create(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Create(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Create(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Create(5.0000001201e-1f));
        p = T.MultiplyAdd(p, r * r, r) + T.Create(1);
        return T.Scale(p, n) & T.AtLeast(x, T.Create(Smallest));
    }
}
