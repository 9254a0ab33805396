namespace MlPerfEdu.Serving.Tests.Modules;

/// <summary>Compares a form of attention with the dense one.</summary>
static class AttentionCheck
{
    public const double Tolerance = 1e-5;

    public delegate void Form(Span<float> output);

    /// <param name="keys">(kv heads, length, dim), as values</param>
    public static double Difference(AttentionShape shape, float[] query, float[] keys, float[] values, Form form)
    {
        var (expected, output) = (new float[shape.QuerySize], new float[shape.QuerySize]);
        DenseAttention.Attend(shape, query, keys, values, expected);
        form(output);
        return Tests.Difference.Largest(expected, output);
    }

    /// <summary>(kv heads, length, dim) from the (length, dim) of each head.</summary>
    public static float[] AllHeads(AttentionShape shape, Func<int, float[]> head) => [.. Enumerable.Range(0, shape.KvHeads).SelectMany(head)];

    public static AttentionShape RandomShape(RandomData random, int mostKvHeads, int mostGroup, int mostDim)
    {
        var kvHeads = random.Between(1, mostKvHeads);
        return new(kvHeads * random.Between(1, mostGroup), kvHeads, random.Between(1, mostDim));
    }
}

/// <summary>Attention of one position by the textbook, in double: softmax(q·Kᵀ·scale)·V. The oracle of all other forms.</summary>
static class DenseAttention
{
    // query (heads, dim), as output; keys (kv heads, length, dim), as values: query head h reads kv head h / group
    public static void Attend(
        AttentionShape shape, ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> output)
    {
        var (dim, length) = (shape.Dim, keys.Length / shape.TokenSize);
        Span<double> weights = new double[length];
        for (var head = 0; head < shape.Heads; head++)
        {
            var q = query.Slice(head * dim, dim);
            var from = head / shape.Group * length * dim;
            var max = double.NegativeInfinity;
            for (var key = 0; key < length; key++)
            {
                weights[key] = shape.Scale * Dot(q, keys.Slice(from + key * dim, dim));
                max = Math.Max(max, weights[key]);
            }
            var sum = 0.0;
            for (var key = 0; key < length; key++)
                sum += weights[key] = Math.Exp(weights[key] - max);
            for (var index = 0; index < dim; index++)
            {
                var mixed = 0.0;
                for (var key = 0; key < length; key++)
                    mixed += weights[key] * values[from + key * dim + index];
                output[head * dim + index] = (float)(mixed / sum);
            }
        }
    }

    static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var index = 0; index < a.Length; index++)
            sum += (double)a[index] * b[index];
        return sum;
    }
}
