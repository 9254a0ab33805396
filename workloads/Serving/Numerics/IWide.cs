using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>
/// Floats in one register of the processor. Loops are written once and compiled for the width that the processor has, so that the sums
/// they keep are as many as it has registers for: a vector of twice its width would take two.
/// </summary>
/// <remarks>
/// A comparison gives a mask, all bits of a lane set where it holds. An index is as long as an address: what is added to a shorter one
/// cannot become a part of the address, and costs two instructions.
/// </remarks>
public unsafe interface IWide<T>
    where T : struct, IWide<T>
{
    static abstract int Lanes { get; }

    static abstract T Create(float value);

    static abstract T Load(ref float start, nint index);

    static abstract T Load(float* from);

    void Store(ref float start, nint index);

    void Store(float* to);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator -(T a);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator &(T a, T mask);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>Of two that cannot be compared the second, as <see cref="Max"/>.</summary>
    static abstract T Min(T a, T b);

    static abstract T Max(T a, T b);

    static abstract T Abs(T a);

    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract T Round(T a);

    /// <summary>a · 2^n with n whole: n is added to the exponent, so a and the result have to be normal numbers.</summary>
    static abstract T Scale(T a, T n);

    static abstract T Less(T a, T b);

    static abstract T AtLeast(T a, T b);

    static abstract T Equal(T a, T b);

    static abstract T Select(T mask, T a, T b);

    /// <summary>A bit per lane of a mask, the first lane's the lowest.</summary>
    static abstract uint Bits(T mask);

    /// <summary>Four lanes whose sum is that of all.</summary>
    static abstract Vector128<float> Quarter(T a);

    /// <summary>Four lanes the largest of which is the largest of all.</summary>
    static abstract Vector128<float> QuarterOfMax(T a);
}
