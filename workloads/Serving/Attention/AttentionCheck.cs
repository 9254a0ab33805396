namespace MlPerfEdu.Serving.Attention;

/// <summary>Holds a form of attention against the dense one.</summary>
static class AttentionCheck
{
    public const double Tolerance = 1e-5;

    public delegate ReadOnlySpan<float> HeadOf(int kvHead);

    public delegate void Form(Span<float> output);

    /// <summary>The largest difference of any element.</summary>
    public static double Difference(AttentionShape shape, ReadOnlySpan<float> query, HeadOf keys, HeadOf values, Form form)
    {
        var (expected, found) = (new float[shape.QuerySize], new float[shape.QuerySize]);
        DenseAttention.Attend(query, Joined(shape, keys), Joined(shape, values), expected, shape.Heads, shape.KvHeads, shape.Dim, shape.Scale);
        form(found);
        return expected.Zip(found, (a, b) => Math.Abs((double)a - b)).Max();
    }

    static float[] Joined(AttentionShape shape, HeadOf heads) =>
        [.. Enumerable.Range(0, shape.KvHeads).SelectMany(head => heads(head).ToArray())];
}
