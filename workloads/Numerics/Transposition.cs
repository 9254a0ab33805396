using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Numerics;

public static unsafe class Transposition
{
    const int Side = 4;

    /// <summary>to[j, i] = from[i, j]; rows and columns are multiples of 4.</summary>
    public static void Of(float* from, nint stride, int rows, int columns, float* to, nint toStride)
    {
        for (nint i = 0; i < rows; i += Side)
        {
            float* source = from + i * stride, target = to + i;
            for (var j = 0; j < columns; j += Side, source += Side, target += Side * toStride)
            {
                var (first, second) = Interleaved(Vector128.Load(source), Vector128.Load(source + 2 * stride));
                var (third, fourth) = Interleaved(Vector128.Load(source + stride), Vector128.Load(source + 3 * stride));
                var (column0, column1) = Interleaved(first, third);
                var (column2, column3) = Interleaved(second, fourth);
                column0.Store(target);
                column1.Store(target + toStride);
                column2.Store(target + 2 * toStride);
                column3.Store(target + 3 * toStride);
            }
        }
    }

    /// <summary>a0 b0 a1 b1 and a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector128<float> Low, Vector128<float> High) Interleaved(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b))
        : (Vector128.Create(a[0], b[0], a[1], b[1]), Vector128.Create(a[2], b[2], a[3], b[3]));
}

/// <summary>Sixteen bytes to sixteen integers, and back.</summary>
static class Bytes
{
    public const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector128<byte> bytes)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Int32(bytes);
        var (low, high) = Vector128.Widen(bytes);
        var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
        return Vector512.Create(Vector256.Create(a, b), Vector256.Create(c, d)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Narrow(Vector512<int> values)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector128Byte(values);
        var halves = Vector256.Narrow(values.GetLower(), values.GetUpper());
        return Vector128.Narrow(halves.GetLower(), halves.GetUpper()).AsByte();
    }
}
