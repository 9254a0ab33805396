namespace MlPerfEdu.Serving.Medusa;

[Kernels("medusa")]
public sealed class MedusaKernels : IKernels
{
    const int Hidden = 256;
    const int Vocabulary = 2000;
    const int Heads = 4;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var decoder = RandomDecoder(random, Hidden, Vocabulary, Heads, perHead: 10);
        var (hidden, tree) = (random.Normals(Hidden), new MedusaTree(MedusaTree.MostNodes));
        var (tokens, probabilities) = (new int[Heads], new double[Heads]);
        yield return OfDraft("draft", () => decoder.Draft(hidden, 0, tree));
        yield return OfDraft("draft-path", () => decoder.DraftPath(hidden, tokens, probabilities));

        var logits = new AlignedBuffer<float>(random.Normals(Heads * Vocabulary));
        yield return new("verify", () => GreedyAcceptance.OfPath(tokens, logits.Span, Vocabulary)) { Bytes = sizeof(float) * (double)Vocabulary };
        var (path, agreeing) = Agreeing(random);
        yield return new("verify-all-accepted", () => GreedyAcceptance.OfPath(path, agreeing, Vocabulary))
            { Bytes = sizeof(float) * (double)Heads * Vocabulary };
    }

    // The 7-bit copies are what is read of the weights; a few exact rows more do not count.
    static Kernel OfDraft(string operation, Action call) => new(operation, call)
        { Flops = 2.0 * Heads * Hidden * Vocabulary, Bytes = (double)Heads * Hidden * Vocabulary };

    static (int[] Path, float[] Logits) Agreeing(RandomData random)
    {
        var logits = random.Normals(Heads * Vocabulary);
        return ([.. logits.Chunk(Vocabulary).Select(row => TopK.Argmax(row, "logits"))], logits);
    }

    internal static MedusaDecoder RandomDecoder(RandomData random, int hidden, int vocabulary, int heads, int perHead) =>
        new(hidden, vocabulary, [.. Enumerable.Range(0, heads).Select(_ => random.Weights(vocabulary, hidden))], perHead);
}
