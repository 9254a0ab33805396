using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>The loops behind <see cref="Simd"/>, for one width of vectors; with four independent sums where a sum is what they give.</summary>
static class Loops<T>
    where T : struct, IWide<T>
{
    static T Lowest => T.Create(float.NegativeInfinity);

    [MethodImpl(Simd.Inline)]
    public static float Dot(ref float a, ref float b, int length)
    {
        T s0 = default, s1 = default, s2 = default, s3 = default;
        nint index = 0;
        for (; index <= length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            s0 = T.MultiplyAdd(T.Load(ref a, index), T.Load(ref b, index), s0);
            s1 = T.MultiplyAdd(T.Load(ref a, index + T.Lanes), T.Load(ref b, index + T.Lanes), s1);
            s2 = T.MultiplyAdd(T.Load(ref a, index + 2 * T.Lanes), T.Load(ref b, index + 2 * T.Lanes), s2);
            s3 = T.MultiplyAdd(T.Load(ref a, index + 3 * T.Lanes), T.Load(ref b, index + 3 * T.Lanes), s3);
        }
        for (; index <= length - T.Lanes; index += T.Lanes)
            s0 = T.MultiplyAdd(T.Load(ref a, index), T.Load(ref b, index), s0);
        var sum = Simd.Sum(s0 + s1 + (s2 + s3));
        for (; index < length; index++)
            sum += Unsafe.Add(ref a, index) * Unsafe.Add(ref b, index);
        return sum;
    }

    [MethodImpl(Simd.Inline)]
    public static void AddScaled(ref float y, ref float x, float factor, int length)
    {
        var wide = T.Create(factor);
        nint index = 0;
        for (; index <= length - T.Lanes; index += T.Lanes)
            T.MultiplyAdd(T.Load(ref x, index), wide, T.Load(ref y, index)).Store(ref y, index);
        for (; index < length; index++)
            Unsafe.Add(ref y, index) += factor * Unsafe.Add(ref x, index);
    }

    [MethodImpl(Simd.Inline)]
    public static void Scale(ref float x, float factor, ref float y, int length)
    {
        var wide = T.Create(factor);
        nint index = 0;
        for (; index <= length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            (T.Load(ref x, index) * wide).Store(ref y, index);
            (T.Load(ref x, index + T.Lanes) * wide).Store(ref y, index + T.Lanes);
            (T.Load(ref x, index + 2 * T.Lanes) * wide).Store(ref y, index + 2 * T.Lanes);
            (T.Load(ref x, index + 3 * T.Lanes) * wide).Store(ref y, index + 3 * T.Lanes);
        }
        for (; index <= length - T.Lanes; index += T.Lanes)
            (T.Load(ref x, index) * wide).Store(ref y, index);
        for (; index < length; index++)
            Unsafe.Add(ref y, index) = factor * Unsafe.Add(ref x, index);
    }

    public static float Max(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (even, odd) = (Lowest, Lowest);
        nint index = 0;
        for (; index <= values.Length - 2 * T.Lanes; index += 2 * T.Lanes)
            (even, odd) = (T.Max(even, T.Load(ref start, index)), T.Max(odd, T.Load(ref start, index + T.Lanes)));
        for (; index < values.Length; index += T.Lanes)
            even = T.Max(even, Simd.LoadRest<T>(ref start, index, values.Length, float.NegativeInfinity));
        return Simd.LargestLane(T.Max(even, odd));
    }

    [MethodImpl(Simd.Loop)]
    public static float FiniteMax(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (m0, m1, m2, m3) = (Lowest, Lowest, Lowest, Lowest);
        T o0 = default, o1 = default, o2 = default, o3 = default;
        nint index = 0;
        for (; index <= values.Length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            var (v0, v1) = (T.Load(ref start, index), T.Load(ref start, index + T.Lanes));
            var (v2, v3) = (T.Load(ref start, index + 2 * T.Lanes), T.Load(ref start, index + 3 * T.Lanes));
            (m0, m1, m2, m3) = (T.Max(m0, v0), T.Max(m1, v1), T.Max(m2, v2), T.Max(m3, v3));
            (o0, o1, o2, o3) = (Oddness(v0, o0), Oddness(v1, o1), Oddness(v2, o2), Oddness(v3, o3));
        }
        for (; index < values.Length; index += T.Lanes)
        {
            var some = Simd.LoadRest<T>(ref start, index, values.Length, values[(int)index]);
            (m0, o0) = (T.Max(m0, some), Oddness(some, o0));
        }
        var largest = Simd.LargestLane(T.Max(T.Max(m0, m1), T.Max(m2, m3)));
        return AreZeros(o0 + o1 + (o2 + o3)) ? largest : float.NaN;
    }

    [MethodImpl(Simd.Inline)]
    public static bool AreFinite(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        T s0 = default, s1 = default, s2 = default, s3 = default;
        nint index = 0;
        for (; index <= values.Length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            s0 = Oddness(T.Load(ref start, index), s0);
            s1 = Oddness(T.Load(ref start, index + T.Lanes), s1);
            s2 = Oddness(T.Load(ref start, index + 2 * T.Lanes), s2);
            s3 = Oddness(T.Load(ref start, index + 3 * T.Lanes), s3);
        }
        for (; index < values.Length; index += T.Lanes)
            s0 = Oddness(Simd.LoadRest<T>(ref start, index, values.Length, 0), s0);
        return AreZeros(s0 + s1 + (s2 + s3));
    }

    /// <summary>Zeros stay zeros as long as what comes by is finite: 0·x is not a number otherwise, and stays that when added to.</summary>
    [MethodImpl(Simd.Inline)]
    public static T Oddness(T some, T before) => T.MultiplyAdd(some, default, before);

    [MethodImpl(Simd.Inline)]
    public static bool AreZeros(T sums) => T.Bits(T.Equal(sums, default)) == (1u << T.Lanes) - 1;

    public static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        T even = default, odd = default;
        nint index = 0;
        for (; index <= values.Length - 2 * T.Lanes; index += 2 * T.Lanes)
            (even, odd) = (T.Max(even, T.Abs(T.Load(ref start, index))), T.Max(odd, T.Abs(T.Load(ref start, index + T.Lanes))));
        for (; index < values.Length; index += T.Lanes)
            even = T.Max(even, T.Abs(Simd.LoadRest<T>(ref start, index, values.Length, 0)));
        return Simd.LargestLane(T.Max(even, odd));
    }

    public static float ExpAndSum(Span<float> values, float max)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var shift = T.Create(max);
        T sums = default;
        nint index = 0;
        for (; index <= values.Length - T.Lanes; index += T.Lanes)
        {
            var exp = Exponential.Of(T.Load(ref start, index) - shift);
            exp.Store(ref start, index);
            sums += exp;
        }
        if (index < values.Length)
        {
            var exp = Exponential.Of(Simd.LoadRest<T>(ref start, index, values.Length, float.NegativeInfinity) - shift);
            Simd.StoreFew(exp, ref values[(int)index], values.Length - (int)index);
            sums += exp;
        }
        return Simd.Sum(sums);
    }

    [MethodImpl(Simd.Loop)]
    public static float SumOfExp(ReadOnlySpan<float> values, float max)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var shift = T.Create(max);
        T even = default, odd = default;
        nint index = 0;
        for (; index <= values.Length - 2 * T.Lanes; index += 2 * T.Lanes)
        {
            even += Exponential.Of(T.Load(ref start, index) - shift);
            odd += Exponential.Of(T.Load(ref start, index + T.Lanes) - shift);
        }
        for (; index < values.Length; index += T.Lanes)
            even += Exponential.Of(Simd.LoadRest<T>(ref start, index, values.Length, float.NegativeInfinity) - shift);
        return Simd.Sum(even + odd);
    }
}
