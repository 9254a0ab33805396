using MlPerfEdu.Serving.Healing;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("token-healer")]
sealed class TokenHealerInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants() => Trials.Run(seed: 15, trials: 1000, (random, check) =>
    {
        string[] vocabulary = [.. Enumerable.Range(0, random.Between(1, 30)).Select(_ => Word(random))];
        var healer = new TokenHealer(vocabulary, random.Between(1, 5));
        int[] prompt = [.. Enumerable.Range(0, random.Below(8)).Select(_ => random.Below(vocabulary.Length))];
        var overlap = healer.FindOverlap(prompt);
        check.True("finds the overlap that a search through the whole vocabulary finds",
            overlap == PlainOverlap(vocabulary, prompt, healer.MostTokens));

        var takenBack = prompt.AsSpan(^overlap..);
        var text = healer.Text(takenBack);
        var expected = Enumerable.Range(0, vocabulary.Length).Where(token => vocabulary[token].StartsWith(text, StringComparison.Ordinal));
        check.True("offers every token that begins with what was taken back, and no other",
            healer.Candidates(takenBack).ToArray().Order().SequenceEqual(expected));

        int[] completion = [random.Below(vocabulary.Length)];
        var healed = new int[prompt.Length + 1];
        var length = healer.Heal(prompt, completion, healed);
        check.True("leaves the rest of the prompt and the completion as they are",
            healed.Take(length).SequenceEqual(prompt.SkipLast(overlap).Concat(completion)));
    });

    // Two letters, one of them of two bytes, make many beginnings.
    static string Word(RandomData random) => string.Concat(Enumerable.Range(0, random.Between(1, 5)).Select(_ => random.Below(2) == 0 ? 'a' : 'é'));

    static int PlainOverlap(string[] vocabulary, int[] prompt, int most)
    {
        for (var count = Math.Min(most, prompt.Length); count > 0; count--)
        {
            var text = string.Concat(prompt.TakeLast(count).Select(token => vocabulary[token]));
            if (vocabulary.Any(entry => entry.Length > text.Length && entry.StartsWith(text, StringComparison.Ordinal)))
                return count;
        }
        return 0;
    }
}
