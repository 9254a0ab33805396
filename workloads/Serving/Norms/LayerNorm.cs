using System.Numerics.Tensors;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Norms;

/// <summary>Layer normalisation (Ba et al. 2016), row by row inside the first-level cache.</summary>
public sealed class LayerNorm
{
    readonly float[] _weight;
    readonly float[] _bias;
    readonly float _epsilon;

    public LayerNorm(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon = 1e-5f)
    {
        Guard.NotEmpty(weight.Length, "weights of a norm");
        Guard.Length(bias.Length, weight.Length, "the biases of a norm");
        Guard.Finite(weight, "the weights of a norm");
        Guard.Finite(bias, "the biases of a norm");
        if (!(epsilon > 0))
            throw ServingErrors.OutOfRange("epsilon", epsilon, "a number above 0");
        (_weight, _bias, _epsilon) = (weight.ToArray(), bias.ToArray(), epsilon);
    }

    public int Width => _weight.Length;

    /// <param name="x">(rows, width), as y.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        Rows.Count(x, Width, "x");
        Guard.Length(y.Length, x.Length, "y");
        Guard.Finite(x, "x");
        for (var row = 0; row < x.Length; row += Width)
        {
            var values = y.Slice(row, Width);
            TensorPrimitives.Subtract(x.Slice(row, Width), TensorPrimitives.Average(x.Slice(row, Width)), values);
            var variance = TensorPrimitives.SumOfSquares<float>(values) / Width;
            TensorPrimitives.Multiply(values, 1 / MathF.Sqrt(variance + _epsilon), values);
            TensorPrimitives.MultiplyAdd(values, _weight, _bias, values);
        }
    }
}
