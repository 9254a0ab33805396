namespace MlPerfEdu.Roofline.Count;

/// <summary>FLOPs of a recorded operator, from nothing but its arguments.</summary>
static class RecordedFlops
{
    // convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups)
    const int ForwardStride = 3;

    // convolution_backward(gradient, input, weight, bias sizes, stride, padding, dilation, transposed, output_padding, groups, mask)
    const int BackwardTransposed = 7;
    const int BackwardMask = 10;

    /// <summary>Absent when the recorder saw shapes only.</summary>
    public static long? Of(RecordedOperator row, OperatorFamily family) => family switch
    {
        OperatorFamily.Convolution => row.Arguments.Count == 0 ? null : Forward(row),
        OperatorFamily.ConvolutionBackward => row.Arguments.Count == 0 ? null : Backward(row),
        _ => null,
    };

    static long Forward(RecordedOperator row)
    {
        var (input, weight) = (row.Shapes[0], row.Shapes[1]);
        if (row.Arguments[ForwardStride + 3].Values[0] == 1)
            return 2 * Shapes.Elements(input) * Shapes.Elements(weight.Skip(1));
        var (stride, padding, dilation) = (Values(0), Values(1), Values(2));
        var positions = Shapes.Elements(input.Skip(2).Select(
            (size, i) => (size + 2 * At(padding, i) - At(dilation, i) * (weight[i + 2] - 1) - 1) / At(stride, i) + 1));
        return 2 * input[0] * positions * Shapes.Elements(weight);

        IReadOnlyList<long> Values(int which) => row.Arguments[ForwardStride + which].Values;
    }

    // The mask tells which of data, weight and bias gradient were asked for; a bias multiplies nothing.
    static long Backward(RecordedOperator row)
    {
        var (gradient, input, weight) = (row.Shapes[0], row.Shapes[1], row.Shapes[2]);
        var spread = row.Arguments[BackwardTransposed].Values[0] == 1 ? input : gradient;
        return 2 * Shapes.Elements(spread) * Shapes.Elements(weight.Skip(1)) * row.Arguments[BackwardMask].Values.Take(2).Sum();
    }

    // One number may stand for all dimensions.
    static long At(IReadOnlyList<long> values, int dimension) => values.Count == 1 ? values[0] : values[dimension];
}
