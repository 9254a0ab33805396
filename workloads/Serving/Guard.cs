using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving;

/// <summary>Checks of input that cost next to nothing when it is right.</summary>
static class Guard
{
    const int Lanes = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Length(int found, int expected, string what)
    {
        if (found != expected)
            ServingErrors.ThrowShape(what, found, expected);
    }

    public static void NotEmpty(int count, string what)
    {
        if (count == 0)
            throw ServingErrors.Empty(what);
    }

    public static int Positive(int value, string what) =>
        value > 0 ? value : throw ServingErrors.OutOfRange(what, value, "at least 1");

    public static void Finite(ReadOnlySpan<float> values, string what)
    {
        if (!AreFinite(values))
            ThrowNotFinite(values, what);
    }

    // Four sums, or each would wait for the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool AreFinite(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var index = 0;
        for (; index <= values.Length - 4 * Lanes; index += 4 * Lanes)
        {
            s0 = Simd.Oddness(Simd.Load(ref start, index), s0);
            s1 = Simd.Oddness(Simd.Load(ref start, index + Lanes), s1);
            s2 = Simd.Oddness(Simd.Load(ref start, index + 2 * Lanes), s2);
            s3 = Simd.Oddness(Simd.Load(ref start, index + 3 * Lanes), s3);
        }
        for (; index < values.Length; index += Lanes)
            s0 = Simd.Oddness(Simd.LoadRest(ref start, index, values.Length, 0), s0);
        return Vector512.EqualsAll(s0 + s1 + (s2 + s3), Vector512<float>.Zero);
    }

    static void ThrowNotFinite(ReadOnlySpan<float> values, string what)
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (!float.IsFinite(values[index]))
                throw ServingErrors.NotFinite(what, index, values[index]);
        }
    }
}
