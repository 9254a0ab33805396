using System.Runtime.CompilerServices;
using MlPerfEdu.Serving.Numerics;

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
        if (!Simd.AreFinite(values))
            ThrowNotFinite(values, what);
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
