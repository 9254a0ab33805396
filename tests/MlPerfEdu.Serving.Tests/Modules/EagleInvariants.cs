using MlPerfEdu.Serving.Eagle;
using static MlPerfEdu.Serving.Eagle.EagleKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("eagle")]
sealed class EagleInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants() => Trials.Run(seed: 12, trials: 50, (random, check) =>
    {
        var (hidden, vocabulary) = (random.Between(2, 70), random.Between(2, 150));
        var drafter = Drafter(random, hidden, vocabulary, out var embedding, out var tokenWeights);
        var (states, tokens, last) = (random.Normals(3 * hidden), new int[Steps], random.Below(vocabulary));
        drafter.Draft(states, last, tokens);
        check.True("drafts the tokens of the plain form", tokens.SequenceEqual(drafter.PlainDraft(states, last, Steps, embedding, tokenWeights)));

        var head = random.Weights(vocabulary, hidden);
        var (exact, targets) = (new VocabularyHead(vocabulary, hidden, head), random.Normals((Steps + 1) * hidden));
        int[] chosen = [.. targets.Chunk(hidden).Select(state => exact.Argmax(state))];
        var verifier = new EagleVerifier(hidden, vocabulary, head);
        check.True("keeps a draft that the target would have written, with one token more",
            verifier.Verify(chosen.AsSpan(..Steps), targets) == new Verdict(Steps, chosen[Steps]));
        var from = random.Below(Steps);
        chosen[from] = (chosen[from] + 1) % vocabulary;
        var (accepted, next) = verifier.Verify(chosen.AsSpan(..Steps), targets);
        check.True("ends a draft where the target would have written something else", accepted == from && next != chosen[from]);

        var chain = new FeatureChain(hidden, vocabulary, random.Weights(hidden, hidden), head);
        var state = random.Normals(hidden);
        chain.Draft(state, tokens.AsSpan(..1));
        var verdict = chain.Verify(state);
        check.AtMost("the original's form accepts the state that it drafted from", 1e-6,
            Math.Abs(1 - verdict.Cosine) + (verdict.Accepted && verdict.Next == tokens[0] ? 0 : 1));
    });
}
