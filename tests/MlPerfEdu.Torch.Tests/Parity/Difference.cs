namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>Where two tensors disagree most, or nothing when they agree.</summary>
public static class Difference
{
    public static string? Between(TensorValue actual, TensorValue expected, Tolerance tolerance)
    {
        if (actual.Type != expected.Type)
            return $"element type {actual.Type}, expected {expected.Type}";
        if (!actual.Shape.SequenceEqual(expected.Shape))
            return $"shape {Text(actual.Shape)}, expected {Text(expected.Shape)}";
        var off = Enumerable.Range(0, actual.Values.Length)
            .Count(i => !tolerance.Allows(actual.Values[i], expected.Values[i]));
        return off == 0 ? null : $"{off} of {actual.Values.Length} elements are off (allowed: {tolerance}); {Largest(actual, expected)}";
    }

    private static string Largest(TensorValue actual, TensorValue expected)
    {
        var differences = actual.Values.Zip(expected.Values, AbsoluteDifference).ToArray();
        var at = Array.IndexOf(differences, differences.Max());
        var relative = differences.Zip(expected.Values, (d, e) => d == 0 ? 0 : d / Math.Abs(e)).ToArray();
        var relativeAt = Array.IndexOf(relative, relative.Max());
        return $"largest absolute difference {differences[at]:g3} at {Index(at, actual.Shape)}: {actual.Values[at]:r}, expected {expected.Values[at]:r}; "
            + $"largest relative difference {relative[relativeAt]:g3} at {Index(relativeAt, actual.Shape)}";
    }

    private static double AbsoluteDifference(double actual, double expected)
    {
        if (actual.Equals(expected))
            return 0;
        var difference = Math.Abs(actual - expected);
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    private static string Index(int flat, long[] shape)
    {
        var index = new long[shape.Length];
        long rest = flat;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            index[d] = rest % shape[d];
            rest /= shape[d];
        }
        return Text(index);
    }

    private static string Text(long[] numbers) => $"[{string.Join(", ", numbers)}]";
}
