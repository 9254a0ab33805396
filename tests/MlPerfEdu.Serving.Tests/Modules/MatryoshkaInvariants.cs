using MlPerfEdu.Serving.Matryoshka;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("matryoshka")]
sealed class MatryoshkaInvariants : IInvariants
{
    readonly MatryoshkaEmbedding embedding = new(512, 64, 128, 256, 512);

    public IEnumerable<KernelInvariant> Invariants()
    {
        var (check, random) = (new Trials(), new RandomData(18));
        for (var trial = 0; trial < 200; trial++)
        {
            var (rows, width) = (random.Between(1, 6), embedding.Nearest(random.Between(1, 512)));
            var embeddings = random.Normals(rows * embedding.Full);
            var (cut, plain) = (new float[rows * width], new float[rows * width]);
            embedding.Cut(embeddings, width, cut);
            embedding.PlainCut(embeddings, width, plain);
            check.AtMost("equals the plain form at every width", 1e-6, Difference.Largest(plain, cut));
            check.AtMost("what is cut off has the length 1", 1e-5,
                cut.Chunk(width).Max(row => Math.Abs(1 - row.Sum(value => (double)value * value))));
            float[] first = embeddings[..embedding.Full], opposite = [.. first.Select(value => -value)];
            check.AtMost("an embedding has the cosine 1 with itself", 1e-6, Math.Abs(1 - embedding.Similarity(first, first, width)));
            check.AtMost("and -1 with its opposite", 1e-6, Math.Abs(1 + embedding.Similarity(first, opposite, width)));
        }
        check.True("takes the smallest width that is enough",
            embedding.Nearest(100) == 128 && embedding.Nearest(1000) == 512 && embedding.Nearest(64) == 64);
        var zeros = new float[64];
        embedding.Cut(new float[512], 64, zeros);
        return [.. check.Invariants, KernelInvariant.None("zeros stay zeros", zeros.Count(value => value != 0))];
    }
}
