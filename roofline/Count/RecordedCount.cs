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
