using System.Runtime.Intrinsics;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Rows of floats as whole numbers times a scale of their own; the largest magnitude becomes the largest whole number.</summary>
static unsafe class RowScale
{
    /// <summary>Lengths of rows are multiples of it.</summary>
    public const int Lanes = 16;

    /// <summary>0 for zeros, and NaN for a row that is not finite: then what is computed with it is NaN as well.</summary>
    public static float Of(float* row, int count, int largest)
    {
        var numbers = new ReadOnlySpan<float>(row, count);
        return Simd.AreFinite(numbers) ? Simd.MaxMagnitude(numbers) / largest : float.NaN;
    }

    /// <summary>The nearest whole numbers, ties to even.</summary>
    public static void Divide(float* row, int count, float scale, short* to)
    {
        var inverse = Inverse(scale);
        for (var i = 0; i < count; i += Lanes)
            Shorts(row + i, inverse).Store(to + i);
    }

    public static void Divide(float* row, int count, float scale, sbyte* to)
    {
        var inverse = Inverse(scale);
        for (var i = 0; i < count; i += Lanes)
        {
            var shorts = Shorts(row + i, inverse);
            Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).Store(to + i);
        }
    }

    static Vector256<float> Inverse(float scale) => Vector256.Create(scale > 0 ? 1 / scale : 0);

    static Vector256<short> Shorts(float* from, Vector256<float> inverse) =>
        Vector256.Narrow(Whole(from, inverse), Whole(from + Vector256<float>.Count, inverse));

    static Vector256<int> Whole(float* from, Vector256<float> inverse) =>
        Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(from) * inverse));
}
