namespace MlPerfEdu.Serving.Attention;

/// <summary>Attention of one position as the textbook has it, in double: softmax(q·Kᵀ·scale)·V. The oracle of all other forms.</summary>
public static class DenseAttention
{
    /// <param name="query">(heads, dim)</param>
    /// <param name="keys">(kv heads, length, dim); query head h reads kv head h / (heads / kv heads)</param>
    /// <param name="values">(kv heads, length, dim)</param>
    /// <param name="output">(heads, dim)</param>
    public static void Attend(
        ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> output,
        int heads, int kvHeads, int dim, float scale)
    {
        var length = keys.Length / (kvHeads * dim);
        Span<double> weights = new double[length];
        for (var head = 0; head < heads; head++)
        {
            var q = query.Slice(head * dim, dim);
            var from = head / (heads / kvHeads) * length * dim;
            var max = double.NegativeInfinity;
            for (var key = 0; key < length; key++)
            {
                weights[key] = scale * Dot(q, keys.Slice(from + key * dim, dim));
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
