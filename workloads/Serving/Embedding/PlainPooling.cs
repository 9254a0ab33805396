namespace MlPerfEdu.Serving.Embedding;

/// <summary>Pooling of one text by the definitions and in double, for texts without padding; the oracle.</summary>
static class PlainPooling
{
    /// <param name="states">One vector per token.</param>
    public static float[] Pool(Pooling pooling, IReadOnlyList<float[]> states, float[] query, double temperature)
    {
        double[] pooled = [.. Enumerable.Range(0, query.Length).Select(index => pooling switch
        {
            Pooling.Mean => states.Average(state => (double)state[index]),
            Pooling.Max => states.Max(state => state[index]),
            Pooling.First => states[0][index],
            _ => states.Sum(state => Weight(state) * state[index]) / states.Sum(Weight),
        })];
        var length = Math.Sqrt(pooled.Sum(value => value * value));
        return [.. pooled.Select(value => (float)(value / length))];

        double Weight(float[] state) => Math.Exp(state.Zip(query, (a, b) => (double)a * b).Sum() / temperature);
    }
}
