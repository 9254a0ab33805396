namespace MlPerfEdu.Serving.Attention;

/// <summary>Holds a form of attention against the dense one.</summary>
static class AttentionCheck
{
    public const double Tolerance = 1e-5;

    public delegate void Form(Span<float> output);

    /// <summary>The largest difference of any element.</summary>
    /// <param name="keys">Of a kv head: (length, dim)</param>
    /// <param name="values">Of a kv head: (length, dim)</param>
    public static double Difference(
        AttentionShape shape, ReadOnlySpan<float> query, Func<int, float[]> keys, Func<int, float[]> values, Form form)
    {
        var (expected, found) = (new float[shape.QuerySize], new float[shape.QuerySize]);
        DenseAttention.Attend(query, Joined(shape, keys), Joined(shape, values), expected,
            shape.Heads, shape.KvHeads, shape.Dim, shape.Scale);
        form(found);
        return Largest(expected, found);
    }

    public static double Largest(float[] expected, float[] found) => expected.Zip(found, (a, b) => Math.Abs((double)a - b)).Max();

    static float[] Joined(AttentionShape shape, Func<int, float[]> heads) => [.. Enumerable.Range(0, shape.KvHeads).SelectMany(heads)];
}
