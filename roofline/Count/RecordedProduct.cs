namespace MlPerfEdu.Roofline.Count;

/// <summary>A recorded operator that multiplies matrices or convolves.</summary>
/// <param name="Flops">Of all its calls; absent when the recorder did not see enough.</param>
sealed record RecordedProduct(OperatorKey Key, long Calls, long? Flops)
{
    /// <summary>None for every other operator. matmul and linear run as these, so they are not named.</summary>
    public static RecordedProduct? Of(RecordedOperator row) => row.Name switch
    {
        "aten::mm" => Product(row, 0),
        "aten::addmm" => Product(row, 1),
        "aten::bmm" => Product(row, 0),
        "aten::baddbmm" => Product(row, 1),
        "aten::_sparse_addmm" => SparseProduct(row, 1),
        "aten::convolution" => Convolution(row, OperatorKey.Convolution(row.Shapes[0], row.Shapes[1])),
        "aten::convolution_backward" => Convolution(row, OperatorKey.ConvolutionBackward(row.Shapes[0], row.Shapes[1], row.Shapes[2])),
        "aten::mkldnn_rnn_layer" => Recurrent(row, 1),
        "aten::mkldnn_rnn_layer_backward" => Recurrent(row, LstmCount.BackwardPasses),
        _ => null,
    };

    // rnn_layer[_backward](input [T, B, I], weight of the input [4·H, I], weight of the state [4·H, H], …)
    static RecordedProduct Recurrent(RecordedOperator row, int passes)
    {
        var (input, weights, state) = (row.Shapes[0], row.Shapes[1], row.Shapes[2]);
        var flops = passes * 2 * input[0] * input[1] * (Shapes.Elements(weights) + Shapes.Elements(state));
        return new(OperatorKey.Recurrent(input, state[1]), row.Calls, row.Calls * flops);
    }

    // [batch ×] rows × inner by inner × columns. A sparse matrix is multiplied by an operator further inside.
    static RecordedProduct? Product(RecordedOperator row, int left)
    {
        var flops = 2 * Shapes.Elements(row.Shapes[left]) * row.Shapes[left + 1][^1];
        return Stored(row, left) is null ? new(OperatorKey.Matmul(flops), row.Calls, row.Calls * flops) : null;
    }

    static RecordedProduct? SparseProduct(RecordedOperator row, int left)
    {
        var flops = 2 * (Stored(row, left) ?? 0) * row.Shapes[left + 1][^1];
        return new(OperatorKey.SparseMatmul(flops), row.Calls, row.Calls * flops);
    }

    static RecordedProduct Convolution(RecordedOperator row, OperatorKey key) =>
        new(key, row.Calls, row.Calls * RecordedFlops.Of(row, key.Family));

    static long? Stored(RecordedOperator row, int argument) => row.Arguments.Count == 0 ? null : row.Arguments[argument].Stored;
}
