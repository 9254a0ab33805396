using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Eagle;

[Kernels("eagle")]
public sealed class EagleKernels : IKernels
{
    const int Hidden = 256;
    const int Vocabulary = 2000;
    const int Steps = 5;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var head = Weights(random, Vocabulary, Hidden);
        var (drafter, tokens) = (Drafter(random, Hidden, Vocabulary, out _, out _), new int[Steps]);
        var (states, hidden) = (random.Normals(3 * Hidden), random.Normals(Hidden));
        var (state, vocabulary) = (2.0 * Hidden * Hidden, 2.0 * Hidden * Vocabulary);
        yield return Of("draft-step", 3 * state + Steps * (state + vocabulary), () => drafter.Draft(states, 0, tokens));
        var chain = new FeatureChain(Hidden, Vocabulary, Weights(random, Hidden, Hidden), head);
        yield return Of("draft-step-features", Steps * (state + vocabulary), () => chain.Draft(hidden, tokens));

        var (verifier, targets) = (new EagleVerifier(Hidden, Vocabulary, head), random.Normals((Steps + 1) * Hidden));
        yield return Of("verify-step", vocabulary, () => verifier.Verify(tokens, targets));
        yield return Of("verify-step-cosine", state + vocabulary, () => chain.Verify(hidden));
    }

    static Kernel Of(string operation, double flops, Action call) => new(operation, call) { Flops = flops };

    public IEnumerable<Invariant> Invariants()
    {
        var (plain, own, others, cosine) = (0, 0, 0, 0.0);
        var random = new RandomData(12);
        for (var trial = 0; trial < 50; trial++)
        {
            var (hidden, vocabulary) = (random.Between(2, 70), random.Between(2, 150));
            var drafter = Drafter(random, hidden, vocabulary, out var embedding, out var tokenWeights);
            var (states, tokens, last) = (random.Normals(3 * hidden), new int[Steps], random.Below(vocabulary));
            drafter.Draft(states, last, tokens);
            plain += tokens.SequenceEqual(drafter.PlainDraft(states, last, Steps, embedding, tokenWeights)) ? 0 : 1;

            var head = Weights(random, vocabulary, hidden);
            var (exact, targets) = (new VocabularyHead(vocabulary, hidden, head), random.Normals((Steps + 1) * hidden));
            int[] said = [.. targets.Chunk(hidden).Select(state => exact.Argmax(state))];
            var verifier = new EagleVerifier(hidden, vocabulary, head);
            own += verifier.Verify(said.AsSpan(..Steps), targets) == new Verdict(Steps, said[Steps]) ? 0 : 1;
            var from = random.Below(Steps);
            said[from] = (said[from] + 1) % vocabulary;
            var (accepted, next) = verifier.Verify(said.AsSpan(..Steps), targets);
            others += accepted == from && next != said[from] ? 0 : 1;

            var chain = new FeatureChain(hidden, vocabulary, Weights(random, hidden, hidden), head);
            var state = random.Normals(hidden);
            chain.Draft(state, tokens.AsSpan(..1));
            var verdict = chain.Verify(state);
            cosine = Math.Max(cosine, Math.Abs(1 - verdict.Cosine) + (verdict.Accepted && verdict.Next == tokens[0] ? 0 : 1));
        }
        yield return Invariant.None("drafts the tokens of the plain form", plain);
        yield return Invariant.None("keeps a draft that the target would have written, with one token more", own);
        yield return Invariant.None("ends a draft where the target would have written something else", others);
        yield return Invariant.AtMost("the original's form accepts the state that it drafted from", cosine, 1e-6);
    }

    static EagleDrafter Drafter(RandomData random, int hidden, int vocabulary, out float[] embedding, out float[] tokenWeights)
    {
        var step = Weights(random, 2 * hidden, hidden);
        embedding = random.Normals(vocabulary * hidden);
        tokenWeights = step[(hidden * hidden)..];
        return new(hidden, vocabulary, Weights(random, 3 * hidden, hidden), step, embedding, Weights(random, vocabulary, hidden));
    }

    static float[] Weights(RandomData random, int rows, int columns) =>
        [.. random.Normals(rows * columns).Select(value => value / MathF.Sqrt(columns))];
}
