using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>
/// Loops over floats, 16 at a time with four independent sums; a processor with narrower vectors does each step in parts.
/// </summary>
public static class Simd
{
    const int Lanes = 16;

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
        var sum = Vector512.Sum(s0 + s1 + (s2 + s3));
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

    public static float Max(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var wide = Vector512.Create(float.NegativeInfinity);
        var index = 0;
        for (; index <= values.Length - Lanes; index += Lanes)
            wide = Vector512.Max(wide, Load(ref start, index));
        var max = LargestLane(wide);
        for (; index < values.Length; index++)
            max = MathF.Max(max, values[index]);
        return max;
    }

    /// <summary>The largest |x|.</summary>
    public static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var wide = Vector512<float>.Zero;
        var index = 0;
        for (; index <= values.Length - Lanes; index += Lanes)
            wide = Vector512.Max(wide, Vector512.Abs(Load(ref start, index)));
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
        var sum = Vector512.Sum(sums);
        for (; index < values.Length; index++)
            sum += values[index] = MathF.Exp(values[index] - max);
        return sum;
    }

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

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LargestLane(Vector512<float> wide)
    {
        var half = Vector256.Max(wide.GetLower(), wide.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        quarter = Vector128.Max(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(quarter[0], quarter[1]);
    }
}
