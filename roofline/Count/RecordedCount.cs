namespace MlPerfEdu.Roofline.Count;

/// <summary>Compares what a recorder saw of matrix products and convolutions with what the layer shapes say.</summary>
public static class RecordedCount
{
    /// <summary>One line per operator whose recorded calls are not the structural ones; none when the FLOPs are equal.</summary>
    public static IReadOnlyList<string> Differences(StepCount count, IReadOnlyList<RecordedOperator> recorded)
    {
        var expected = Calls(count.Layers.SelectMany(layer => layer.Operators).Select(row => (row.Key, row.Calls)));
        var seen = Calls(recorded.SelectMany(row => Key(row) is { } key ? [(key, row.Calls)] : Array.Empty<(OperatorKey, long)>()));
        return
        [
            .. expected.Keys.Union(seen.Keys)
                .Select(key => (Key: key, Structural: expected.GetValueOrDefault(key), Recorded: seen.GetValueOrDefault(key)))
                .Where(row => row.Structural != row.Recorded)
                .Select(row => $"{row.Key}: {row.Structural} calls by the layers, {row.Recorded} recorded")
                .Order(StringComparer.Ordinal),
        ];
    }

    static Dictionary<OperatorKey, long> Calls(IEnumerable<(OperatorKey Key, long Calls)> rows) => rows
        .GroupBy(row => row.Key)
        .ToDictionary(group => group.Key, group => group.Sum(row => row.Calls));

    static OperatorKey? Key(RecordedOperator row) => row.Name switch
    {
        "aten::mm" => Product(row.Shapes[0], row.Shapes[1]),
        "aten::addmm" => Product(row.Shapes[1], row.Shapes[2]),
        "aten::bmm" => Product(row.Shapes[0], row.Shapes[1]),
        "aten::baddbmm" => Product(row.Shapes[1], row.Shapes[2]),
        "aten::convolution" => OperatorKey.Convolution(row.Shapes[0], row.Shapes[1]),
        "aten::convolution_backward" => OperatorKey.ConvolutionBackward(row.Shapes[0], row.Shapes[1], row.Shapes[2]),
        _ => null,
    };

    // [batch ×] rows × inner by inner × columns.
    static OperatorKey Product(IReadOnlyList<long> left, IReadOnlyList<long> right) =>
        OperatorKey.Matmul(2 * Shapes.Elements(left) * right[^1]);
}
