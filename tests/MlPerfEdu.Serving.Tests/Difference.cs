namespace MlPerfEdu.Serving.Tests;

static class Difference
{
    /// <summary>The largest |found − expected| of any element; infinity if one is NaN.</summary>
    public static double Largest(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        Guard.Length(found.Length, expected.Length, "what was found");
        var largest = 0.0;
        for (var index = 0; index < expected.Length; index++)
        {
            var difference = Math.Abs((double)found[index] - expected[index]);
            if (double.IsNaN(difference))
                return double.PositiveInfinity;
            largest = Math.Max(largest, difference);
        }
        return largest;
    }

    /// <summary>The same relative to the largest expected element.</summary>
    public static double Relative(ReadOnlySpan<float> expected, ReadOnlySpan<float> found) =>
        Largest(expected, found) / Math.Max(Simd.MaxMagnitude(expected), float.Epsilon);
}
