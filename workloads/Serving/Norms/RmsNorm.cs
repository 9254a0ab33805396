using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Norms;

/// <summary>
/// Root-mean-square normalisation with the residual added on the way (Zhang and Sennrich 2019). A row is read once from memory and
/// once more from the first-level cache, where an operator per step of the formula passes over memory five times.
/// </summary>
public sealed class RmsNorm
{
    const int Lanes = 16;

    readonly AlignedBuffer<float> _weight;
    readonly float _epsilon;

    public RmsNorm(ReadOnlySpan<float> weight, float epsilon = 1e-6f)
    {
        Guard.NotEmpty(weight.Length, "weights of a norm");
        Guard.Finite(weight, "the weights of a norm");
        _weight = new(weight);
        _epsilon = CheckedEpsilon(epsilon);
    }

    public int Width => _weight.Length;

    /// <param name="x">(rows, width), as y.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        Rows.Count(x, Width, "x");
        Guard.Length(y.Length, x.Length, "y");
        for (var row = 0; row < x.Length; row += Width)
        {
            ref var values = ref MemoryMarshal.GetReference(x[row..]);
            var squares = Simd.Dot(ref values, ref values, Width);
            Scale(ref values, _weight.Span, Inverse(squares, Width, _epsilon), ref y[row]);
        }
    }

    /// <param name="x">(rows, width), as residual, y and sum.</param>
    /// <param name="y">May be x itself.</param>
    /// <param name="sum">Becomes x + residual, which the next block adds to; may be the residual itself.</param>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> residual, Span<float> y, Span<float> sum) =>
        AddAndNormalise(x, residual, _weight.Span, _epsilon, y, sum);

    /// <summary>The same without an object that keeps the weights.</summary>
    public static void AddAndNormalise(
        ReadOnlySpan<float> x, ReadOnlySpan<float> residual, ReadOnlySpan<float> weight, float epsilon, Span<float> y, Span<float> sum)
    {
        Guard.NotEmpty(weight.Length, "weights of a norm");
        CheckedEpsilon(epsilon);
        Rows.Count(x, weight.Length, "x");
        Guard.Length(residual.Length, x.Length, "the residual");
        Guard.Length(y.Length, x.Length, "y");
        Guard.Length(sum.Length, x.Length, "the sum");
        var width = weight.Length;
        var squares = Add(x, residual, sum, 0, width);
        // The next row is added before this one is scaled, so that neither waits for the root and the quotient.
        for (var row = 0; row < x.Length; row += width)
        {
            var inverse = Inverse(squares, width, epsilon);
            if (row + width < x.Length)
                squares = Add(x, residual, sum, row + width, width);
            Scale(ref sum[row], weight, inverse, ref y[row]);
        }
    }

    static float Add(ReadOnlySpan<float> x, ReadOnlySpan<float> residual, Span<float> sum, int row, int width) =>
        Add(ref MemoryMarshal.GetReference(x[row..]), ref MemoryMarshal.GetReference(residual[row..]), ref sum[row], width);

    static float CheckedEpsilon(float epsilon) =>
        epsilon > 0 ? epsilon : throw ServingErrors.OutOfRange("epsilon", epsilon, "a number above 0");

    // What is not finite, or too large to be squared, makes the sum so.
    static float Inverse(float squares, int width, float epsilon) => float.IsFinite(squares)
        ? 1 / MathF.Sqrt(squares / width + epsilon)
        : throw ServingErrors.OutOfRange("a sum of squares of", squares, "a finite one");

    // sum = x + residual; gives Σ sum².
    [MethodImpl(Simd.Loop)]
    static float Add(ref float x, ref float residual, ref float sum, int width)
    {
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var index = 0;
        for (; index <= width - 2 * Lanes; index += 2 * Lanes)
        {
            var first = Simd.Load(ref x, index) + Simd.Load(ref residual, index);
            var second = Simd.Load(ref x, index + Lanes) + Simd.Load(ref residual, index + Lanes);
            first.StoreUnsafe(ref sum, (nuint)index);
            second.StoreUnsafe(ref sum, (nuint)(index + Lanes));
            even = Vector512.FusedMultiplyAdd(first, first, even);
            odd = Vector512.FusedMultiplyAdd(second, second, odd);
        }
        var squares = Simd.Sum(even + odd);
        for (; index < width; index++)
        {
            var value = Unsafe.Add(ref x, index) + Unsafe.Add(ref residual, index);
            Unsafe.Add(ref sum, index) = value;
            squares += value * value;
        }
        return squares;
    }

    // y = x · factor · weight
    [MethodImpl(Simd.Loop)]
    static void Scale(ref float x, ReadOnlySpan<float> weight, float factor, ref float y)
    {
        ref var weights = ref MemoryMarshal.GetReference(weight);
        var wide = Vector512.Create(factor);
        var index = 0;
        for (; index <= weight.Length - Lanes; index += Lanes)
            (Simd.Load(ref x, index) * wide * Simd.Load(ref weights, index)).StoreUnsafe(ref y, (nuint)index);
        for (; index < weight.Length; index++)
            Unsafe.Add(ref y, index) = Unsafe.Add(ref x, index) * factor * weight[index];
    }
}
