using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>
/// Loops over floats, 16 at a time with four independent sums; a processor with narrower vectors does each step in parts.
/// </summary>
public static class Simd
{
    /// <summary>
    /// Of loops that keep many sums in registers. They are compiled once and whole: counted and compiled in steps, they may stay at half
    /// their speed. And never as a part of a caller, where the registers would no longer suffice.
    /// </summary>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    const int Lanes = 16;

    static Vector512<float> Lowest => Vector512.Create(float.NegativeInfinity);

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Guard.Length(b.Length, a.Length, "the second factor");
        return Dot(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), a.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ref float a, ref float b, int length)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var index = 0;
        for (; index <= length - 4 * Lanes; index += 4 * Lanes)
        {
            s0 = Vector512.FusedMultiplyAdd(Load(ref a, index), Load(ref b, index), s0);
            s1 = Vector512.FusedMultiplyAdd(Load(ref a, index + Lanes), Load(ref b, index + Lanes), s1);
            s2 = Vector512.FusedMultiplyAdd(Load(ref a, index + 2 * Lanes), Load(ref b, index + 2 * Lanes), s2);
            s3 = Vector512.FusedMultiplyAdd(Load(ref a, index + 3 * Lanes), Load(ref b, index + 3 * Lanes), s3);
        }
        for (; index <= length - Lanes; index += Lanes)
            s0 = Vector512.FusedMultiplyAdd(Load(ref a, index), Load(ref b, index), s0);
        var sum = Sum(s0 + s1 + (s2 + s3));
        for (; index < length; index++)
            sum += Unsafe.Add(ref a, index) * Unsafe.Add(ref b, index);
        return sum;
    }

    /// <summary>y += factor · x</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(ref float y, ref float x, float factor, int length)
    {
        var wide = Vector512.Create(factor);
        var index = 0;
        for (; index <= length - Lanes; index += Lanes)
            Vector512.FusedMultiplyAdd(Load(ref x, index), wide, Load(ref y, index)).StoreUnsafe(ref y, (nuint)index);
        for (; index < length; index++)
            Unsafe.Add(ref y, index) += factor * Unsafe.Add(ref x, index);
    }

    public static void Scale(Span<float> values, float factor)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var index = 0;
        for (; index <= values.Length - Lanes; index += Lanes)
            (Load(ref start, index) * factor).StoreUnsafe(ref start, (nuint)index);
        for (; index < values.Length; index++)
            values[index] *= factor;
    }

    /// <summary>The largest of numbers all of which are numbers.</summary>
    public static float Max(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (even, odd) = (Lowest, Lowest);
        var index = 0;
        for (; index <= values.Length - 2 * Lanes; index += 2 * Lanes)
            (even, odd) = (Vector512.MaxNative(even, Load(ref start, index)), Vector512.MaxNative(odd, Load(ref start, index + Lanes)));
        for (; index < values.Length; index += Lanes)
            even = Vector512.MaxNative(even, LoadRest(ref start, index, values.Length, float.NegativeInfinity));
        return LargestLane(Vector512.MaxNative(even, odd));
    }

    /// <summary>The largest; not a number when one of them is not finite.</summary>
    [MethodImpl(Simd.Loop)]
    public static float FiniteMax(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (m0, m1, m2, m3) = (Lowest, Lowest, Lowest, Lowest);
        Vector512<float> o0 = default, o1 = default, o2 = default, o3 = default;
        var index = 0;
        for (; index <= values.Length - 4 * Lanes; index += 4 * Lanes)
        {
            var (v0, v1) = (Load(ref start, index), Load(ref start, index + Lanes));
            var (v2, v3) = (Load(ref start, index + 2 * Lanes), Load(ref start, index + 3 * Lanes));
            (m0, m1) = (Vector512.MaxNative(m0, v0), Vector512.MaxNative(m1, v1));
            (m2, m3) = (Vector512.MaxNative(m2, v2), Vector512.MaxNative(m3, v3));
            (o0, o1, o2, o3) = (Oddness(v0, o0), Oddness(v1, o1), Oddness(v2, o2), Oddness(v3, o3));
        }
        for (; index < values.Length; index += Lanes)
        {
            var some = LoadRest(ref start, index, values.Length, values[index]);
            (m0, o0) = (Vector512.MaxNative(m0, some), Oddness(some, o0));
        }
        var largest = LargestLane(Vector512.MaxNative(Vector512.MaxNative(m0, m1), Vector512.MaxNative(m2, m3)));
        return Vector512.EqualsAll(o0 + o1 + (o2 + o3), Vector512<float>.Zero) ? largest : float.NaN;
    }

    /// <summary>Zeros stay zeros as long as what comes by is finite: 0·x is not a number otherwise, and stays that when added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Oddness(Vector512<float> some, Vector512<float> before) =>
        Vector512.FusedMultiplyAdd(some, Vector512<float>.Zero, before);

    /// <summary>The largest |x|.</summary>
    public static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var wide = Vector512<float>.Zero;
        var index = 0;
        for (; index <= values.Length - Lanes; index += Lanes)
            wide = Vector512.MaxNative(wide, Vector512.Abs(Load(ref start, index)));
        var max = LargestLane(wide);
        for (; index < values.Length; index++)
            max = MathF.Max(max, MathF.Abs(values[index]));
        return max;
    }

    /// <summary>Makes each x to exp(x − max) and gives their sum.</summary>
    public static float ExpAndSum(Span<float> values, float max)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var shift = Vector512.Create(max);
        var sums = Vector512<float>.Zero;
        var index = 0;
        for (; index <= values.Length - Lanes; index += Lanes)
        {
            var exp = Exponential.Of(Load(ref start, index) - shift);
            exp.StoreUnsafe(ref start, (nuint)index);
            sums += exp;
        }
        if (index < values.Length)
        {
            var exp = Exponential.Of(LoadRest(ref start, index, values.Length, float.NegativeInfinity) - shift);
            StoreRest(exp, ref values[index], values.Length - index);
            sums += exp;
        }
        return Sum(sums);
    }

    /// <summary>Σ exp(x − max), where the exponentials themselves are not needed.</summary>
    [MethodImpl(Simd.Loop)]
    public static float SumOfExp(ReadOnlySpan<float> values, float max)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var shift = Vector512.Create(max);
        var sums = Vector512<float>.Zero;
        var index = 0;
        for (; index <= values.Length - Lanes; index += Lanes)
            sums += Exponential.Of(Load(ref start, index) - shift);
        if (index < values.Length)
            sums += Exponential.Of(LoadRest(ref start, index, values.Length, float.NegativeInfinity) - shift);
        return Sum(sums);
    }

    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> wide) => Vector128.Sum(Quarter(wide));

    /// <summary>The sums of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var (a4, b4, c4, d4) = (Quarter(a), Quarter(b), Quarter(c), Quarter(d));
        // A transposition of 4 x 4: lanes i of all four, added up.
        var (ab, cd) = (Transposition.Interleaved(a4, b4), Transposition.Interleaved(c4, d4));
        return Vector128.Create((ab.Low + ab.High).AsDouble()[0], (cd.Low + cd.High).AsDouble()[0]).AsSingle()
            + Vector128.Create((ab.Low + ab.High).AsDouble()[1], (cd.Low + cd.High).AsDouble()[1]).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Quarter(Vector512<float> wide)
    {
        var half = wide.GetLower() + wide.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float start, int index) => Vector512.LoadUnsafe(ref start, (nuint)index);

    /// <summary>The values from an index on, 16 or as many as there are; lanes for which there is none are filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadRest(ref float start, int index, int length, float fill)
    {
        var count = length - index;
        if (count >= Lanes)
            return Load(ref start, index);
        // The last 16 are read and moved to the front, as nothing behind the end may be read.
        var lanes = Vector512<int>.Indices;
        var rest = length >= Lanes
            ? Vector512.Shuffle(Load(ref start, length - Lanes), lanes + Vector512.Create(Lanes - count))
            : LoadFew(ref Unsafe.Add(ref start, index), count);
        return Vector512.ConditionalSelect(Vector512.LessThan(lanes, Vector512.Create(count)).AsSingle(), rest, Vector512.Create(fill));
    }

    // Lane by lane and without a call: across one, no sum of the caller could stay in a register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> LoadFew(ref float start, int count)
    {
        var few = Vector512<float>.Zero;
        for (var lane = 0; lane < count; lane++)
        {
            var here = Vector512.Equals(Vector512<int>.Indices, Vector512.Create(lane)).AsSingle();
            few = Vector512.ConditionalSelect(here, Vector512.Create(Unsafe.Add(ref start, lane)), few);
        }
        return few;
    }

    /// <summary>Writes the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreRest(Vector512<float> lanes, ref float to, int count)
    {
        for (var lane = 0; lane < count; lane++)
        {
            Unsafe.Add(ref to, lane) = lanes.ToScalar();
            lanes = Vector512.Shuffle(lanes, Vector512<int>.Indices + Vector512<int>.One);
        }
    }

    /// <summary>The largest lane, when all are numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LargestLane(Vector512<float> wide)
    {
        var half = Vector256.MaxNative(wide.GetLower(), wide.GetUpper());
        var quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        quarter = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2)))[0];
    }
}
