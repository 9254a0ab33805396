using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Matryoshka;

[Kernels("matryoshka")]
public sealed class MatryoshkaKernels : IKernels
{
    readonly MatryoshkaEmbedding _embedding = new(512, 64, 128, 256, 512);

    public IEnumerable<Kernel> Kernels()
    {
        yield return Of("embed", 1, 64);
        yield return Of("batch-embed", 32, 256);
    }

    Kernel Of(string operation, int rows, int width)
    {
        var embeddings = new AlignedBuffer<float>(new RandomData(42).Normals(rows * _embedding.Full));
        var cut = new AlignedBuffer<float>(rows * width);
        return new(operation, () => _embedding.Cut(embeddings.Span, width, cut.Span))
        {
            Flops = 3.0 * rows * width,
            Bytes = 2.0 * sizeof(float) * rows * width,
        };
    }

    public IEnumerable<Invariant> Invariants()
    {
        var (toPlain, ofOne, toItself, toOpposite) = (0.0, 0.0, 0.0, 0.0);
        var random = new RandomData(18);
        for (var trial = 0; trial < 200; trial++)
        {
            var (rows, width) = (random.Between(1, 6), _embedding.Nearest(random.Between(1, 512)));
            var embeddings = random.Normals(rows * _embedding.Full);
            var (cut, plain) = (new float[rows * width], new float[rows * width]);
            _embedding.Cut(embeddings, width, cut);
            _embedding.PlainCut(embeddings, width, plain);
            toPlain = Math.Max(toPlain, Difference.Largest(plain, cut));
            ofOne = Math.Max(ofOne, cut.Chunk(width).Max(row => Math.Abs(1 - row.Sum(value => (double)value * value))));
            float[] first = embeddings[.._embedding.Full], opposite = [.. first.Select(value => -value)];
            toItself = Math.Max(toItself, Math.Abs(1 - _embedding.Similarity(first, first, width)));
            toOpposite = Math.Max(toOpposite, Math.Abs(1 + _embedding.Similarity(first, opposite, width)));
        }
        yield return Invariant.AtMost("equals the plain form at every width", toPlain, 1e-6);
        yield return Invariant.AtMost("what is cut off has the length 1", ofOne, 1e-5);
        yield return Invariant.AtMost("an embedding is as similar to itself as can be", toItself, 1e-6);
        yield return Invariant.AtMost("and as unlike its opposite", toOpposite, 1e-6);
        yield return Invariant.None("takes the smallest width that is enough",
            _embedding.Nearest(100) == 128 && _embedding.Nearest(1000) == 512 && _embedding.Nearest(64) == 64 ? 0 : 1);
        var zeros = new float[64];
        _embedding.Cut(new float[512], 64, zeros);
        yield return Invariant.None("zeros stay zeros", zeros.Count(value => value != 0));
    }
}
