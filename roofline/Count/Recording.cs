namespace MlPerfEdu.Roofline.Count;

/// <summary>Compares what a recorder saw of matrix products and convolutions with what the layer shapes say.</summary>
public static class RecordedCount
{
    /// <summary>One line per operator whose recorded calls or FLOPs are not the structural ones; none when both are equal.</summary>
    public static IReadOnlyList<string> Differences(StepCount count, IReadOnlyList<RecordedOperator> recorded)
    {
        var expected = count.Layers.SelectMany(layer => layer.Operators).ToList();
        var seen = recorded.SelectMany(row => RecordedProduct.Of(row) is { } product ? [product] : Array.Empty<RecordedProduct>()).ToList();
        var calls = Compare("calls", Sums(expected, row => row.Key, row => row.Calls), Sums(seen, row => row.Key, row => row.Calls));
        if (calls.Count > 0 || seen.Any(row => row.Flops is null))
            return calls;
        return Compare(
            "FLOP", Sums(expected, row => row.Key.Family, row => row.Flops), Sums(seen, row => row.Key.Family, row => row.Flops ?? 0));
    }

    static Dictionary<TKey, long> Sums<TRow, TKey>(IEnumerable<TRow> rows, Func<TRow, TKey> key, Func<TRow, long> value)
        where TKey : notnull => rows.GroupBy(key).ToDictionary(group => group.Key, group => group.Sum(value));

    static List<string> Compare<TKey>(string unit, Dictionary<TKey, long> expected, Dictionary<TKey, long> seen)
        where TKey : notnull =>
    [
        .. expected.Keys.Union(seen.Keys)
            .Select(key => (Key: key, Structural: expected.GetValueOrDefault(key), Recorded: seen.GetValueOrDefault(key)))
            .Where(row => row.Structural != row.Recorded)
            .Select(row => $"{row.Key}: {row.Structural} {unit} by the layers, {row.Recorded} recorded")
            .Order(StringComparer.Ordinal),
    ];
}

/// <summary>Sees every operator that libtorch dispatches, where that can be recorded.</summary>
public interface IOperatorRecorder
{
    /// <summary>Why nothing can be recorded here; absent when it can.</summary>
    string? Unavailable { get; }

    IReadOnlyList<RecordedOperator> Record(Action action);
}

/// <param name="Name">As libtorch spells it, such as aten::addmm.</param>
/// <param name="Shapes">One per argument, empty for what is no tensor.</param>
/// <param name="OutermostCalls">Calls that no other operator made.</param>
public sealed record RecordedOperator(string Name, IReadOnlyList<IReadOnlyList<long>> Shapes, long Calls, long OutermostCalls)
{
    /// <summary>What else is known of each argument; empty where a recorder sees shapes only.</summary>
    public IReadOnlyList<RecordedArgument> Arguments { get; init; } = [];
}

/// <param name="Values">A flag, or a list of numbers or flags; empty for anything else.</param>
/// <param name="Stored">How many elements a sparse tensor holds.</param>
public sealed record RecordedArgument(IReadOnlyList<long> Values, long? Stored);

/// <summary>An operator that a recorder must see: how often, and what all those calls compute together.</summary>
public sealed record OperatorCount(OperatorKey Key, long Calls, long Flops);

public enum OperatorFamily
{
    Matmul,
    SparseMatmul,
    Convolution,
    ConvolutionBackward,
    Recurrent,
    Attention,
}

/// <summary>Names an operator by family and size, so that the structural and the recorded count can meet.</summary>
/// <remarks>A matrix product is named by its FLOPs: versions of libtorch transpose its operands differently.</remarks>
public readonly record struct OperatorKey(OperatorFamily Family, string Size)
{
    public static OperatorKey Matmul(long flops) => new(OperatorFamily.Matmul, $"{flops} FLOP");

    public static OperatorKey SparseMatmul(long flops) => new(OperatorFamily.SparseMatmul, $"{flops} FLOP");

    public static OperatorKey Convolution(IEnumerable<long> input, IEnumerable<long> weight) =>
        new(OperatorFamily.Convolution, $"{Text(input)} by {Text(weight)}");

    public static OperatorKey ConvolutionBackward(IEnumerable<long> gradient, IEnumerable<long> input, IEnumerable<long> weight) =>
        new(OperatorFamily.ConvolutionBackward, $"{Text(gradient)} through {Text(input)} by {Text(weight)}");

    /// <summary>A whole recurrent layer, which oneDNN runs as one operator each way.</summary>
    public static OperatorKey Recurrent(IEnumerable<long> input, long hidden) => new(OperatorFamily.Recurrent, $"{Text(input)} to {hidden}");

    /// <summary>All of attention but its products with weights, as one operator.</summary>
    public static OperatorKey Attention(IEnumerable<long> queries, long keys) => new(OperatorFamily.Attention, $"{Text(queries)} over {keys}");

    public override string ToString() => $"{Family} {Size}";

    static string Text(IEnumerable<long> shape) => string.Join('x', shape);
}

/// <summary>A recorded operator that multiplies matrices or convolves.</summary>
/// <param name="Flops">Of all its calls; absent when the recorder did not see enough.</param>
sealed record RecordedProduct(OperatorKey Key, long Calls, long? Flops)
{
    /// <summary>None for every other operator. matmul and linear run as these, so they are not named.</summary>
    public static RecordedProduct? Of(RecordedOperator row) => row.Name switch
    {
        "aten::mm" => Product(row, 0),
        "aten::addmm" or "aten::addmm_" => Product(row, 1),
        "aten::bmm" => Product(row, 0),
        "aten::baddbmm" => Product(row, 1),
        "aten::_sparse_addmm" => SparseProduct(row, 1),
        "aten::convolution" => Convolution(row, OperatorKey.Convolution(row.Shapes[0], row.Shapes[1])),
        "aten::convolution_backward" => Convolution(row, OperatorKey.ConvolutionBackward(row.Shapes[0], row.Shapes[1], row.Shapes[2])),
        "aten::mkldnn_rnn_layer" => Recurrent(row, 1),
        "aten::_scaled_dot_product_flash_attention_for_cpu" => Attention(row),
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

    // attention(queries [B, H, T, d], keys [B, H, S, d], values, dropout, is causal, …)
    static RecordedProduct Attention(RecordedOperator row)
    {
        var (queries, keys) = (row.Shapes[0], row.Shapes[1][2]);
        var causal = row.Arguments.Count > 4 && row.Arguments[4].Values is [1];
        var size = new AttentionSize(queries[0], queries[1], queries[2], keys, queries[3])
        {
            Block = causal ? AttentionCount.FusedBlock(queries[2]) : null,
        };
        return new(OperatorKey.Attention(queries, keys), row.Calls, row.Calls * 4 * size.Scores * size.Head);
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
