using MlPerfEdu.Serving.Embedding;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("batch-embedder")]
sealed class EmbedderInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var check = new Trials();
        foreach (var pooling in Enum.GetValues<Pooling>())
            Compare(pooling, new(28), check);
        return check.Invariants;
    }

    // Masked values are NaN, which would show.
    static void Compare(Pooling pooling, RandomData random, Trials check)
    {
        for (var trial = 0; trial < 100; trial++)
        {
            var (texts, tokens, width) = (random.Between(1, 5), random.Between(1, 12), random.Between(1, 150));
            var (query, states, mask) = (random.Normals(width), random.Normals(texts * tokens * width), new bool[texts * tokens]);
            for (var token = 0; token < mask.Length; token++)
            {
                mask[token] = token % tokens == token / tokens % tokens || random.Below(2) == 0;
                if (!mask[token])
                    states.AsSpan(token * width, width).Fill(float.NaN);
            }
            var embeddings = new float[texts * width];
            new BatchEmbedder(query, 4).Pool(pooling, states, mask, texts, embeddings);
            for (var text = 0; text < texts; text++)
            {
                var from = text * tokens;
                var pooled = embeddings.AsSpan(text * width, width);
                float[][] unpadded = [.. Enumerable.Range(from, tokens).Where(token => mask[token])
                    .Select(token => states[(token * width)..((token + 1) * width)])];
                check.AtMost($"{pooling}: padded texts equal the plain form of the unpadded ones", 1e-5,
                    Difference.Largest(Plain(pooling, unpadded, query, 4), pooled));
                check.AtMost($"{pooling}: an embedding has the length 1", 1e-5, Math.Abs(1 - Simd.Dot(pooled, pooled)));
            }
        }
    }

    // One text without padding by the definitions, in double.
    static float[] Plain(Pooling pooling, float[][] states, float[] query, double temperature)
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
