using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving;

/// <summary>Checks of input that cost next to nothing when it is right.</summary>
static class Guard
{
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

    // x - x is 0 for a finite number and NaN otherwise, and a sum with a NaN in it is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool AreFinite(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var wide = Vector512<float>.Zero;
        var index = 0;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var some = Vector512.LoadUnsafe(ref start, (nuint)index);
            wide += some - some;
        }
        var sum = Vector512.Sum(wide);
        for (; index < values.Length; index++)
            sum += values[index] - values[index];
        return sum == 0;
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
