using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Embedding;

[Kernels("batch-embedder")]
public sealed class EmbedderKernels : IKernels
{
    public IEnumerable<Kernel> Kernels()
    {
        const int texts = 8, tokens = 32, width = 256;
        var random = new RandomData(42);
        var embedder = new BatchEmbedder(random.Normals(width));
        var states = new AlignedBuffer<float>(random.Normals(texts * tokens * width));
        var (mask, embeddings) = (new bool[texts * tokens], new AlignedBuffer<float>(texts * width));
        Array.Fill(mask, true);
        yield return new("pool-mean", () => embedder.Pool(Pooling.Mean, states.Span, mask, texts, embeddings.Span))
        {
            Flops = states.Length + 3.0 * embeddings.Length,
            Bytes = sizeof(float) * ((double)states.Length + embeddings.Length),
        };
    }

    public IEnumerable<Invariant> Invariants()
    {
        foreach (var pooling in Enum.GetValues<Pooling>())
        {
            var (toPlain, ofOne) = Compare(pooling, new(28));
            yield return Invariant.AtMost($"{pooling}: padded texts equal the plain form of the unpadded ones", toPlain, 1e-5);
            yield return Invariant.AtMost($"{pooling}: an embedding has the length 1", ofOne, 1e-5);
        }
    }

    // What is masked is not a number: it would show.
    static (double ToPlain, double OfOne) Compare(Pooling pooling, RandomData random)
    {
        var (toPlain, ofOne) = (0.0, 0.0);
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
                var found = embeddings.AsSpan(text * width, width);
                float[][] unpadded = [.. Enumerable.Range(from, tokens).Where(token => mask[token])
                    .Select(token => states[(token * width)..((token + 1) * width)])];
                toPlain = Math.Max(toPlain, Difference.Largest(PlainPooling.Pool(pooling, unpadded, query, 4), found));
                ofOne = Math.Max(ofOne, Math.Abs(1 - Simd.Dot(found, found)));
            }
        }
        return (toPlain, ofOne);
    }
}
