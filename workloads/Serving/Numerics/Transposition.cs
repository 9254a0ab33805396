using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>Rows and columns of four vectors exchanged.</summary>
public static unsafe class Transposition
{
    const int Side = 4;

    /// <summary>to[j, i] = from[i, j]; rows and columns are multiples of 4.</summary>
    /// <param name="stride">From the begin of a row to that of the next.</param>
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
