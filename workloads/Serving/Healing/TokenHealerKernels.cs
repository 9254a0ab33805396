using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Healing;

[Kernels("token-healer")]
public sealed class TokenHealerKernels : IKernels
{
    static readonly string[] Vocabulary = ["def", " my", " is", "_va", "_value", "r", "=", " x", "return", "\n"];

    public IEnumerable<Kernel> Kernels()
    {
        var healer = new TokenHealer(Vocabulary);
        int[] prompt = [0, 1, 3], completion = [4, 6];
        var healed = new int[5];
        yield return new("heal", () => healer.Heal(prompt, completion, healed));
        yield return new("find-suffix-overlap", () => healer.FindOverlap(prompt));
    }

    public IEnumerable<Invariant> Invariants()
    {
        var (overlaps, candidates, plain) = (0, 0, 0);
        var random = new RandomData(15);
        for (var trial = 0; trial < 1000; trial++)
        {
            string[] vocabulary = [.. Enumerable.Range(0, random.Between(1, 30)).Select(_ => Word(random))];
            var healer = new TokenHealer(vocabulary, random.Between(1, 5));
            int[] prompt = [.. Enumerable.Range(0, random.Below(8)).Select(_ => random.Below(vocabulary.Length))];
            var found = healer.FindOverlap(prompt);
            overlaps += found == PlainOverlap(vocabulary, prompt, healer.MostTokens) ? 0 : 1;

            var takenBack = prompt.AsSpan(^found..);
            var text = healer.Text(takenBack);
            var expected = Enumerable.Range(0, vocabulary.Length)
                .Where(token => vocabulary[token].StartsWith(text, StringComparison.Ordinal));
            candidates += healer.Candidates(takenBack).ToArray().Order().SequenceEqual(expected) ? 0 : 1;

            int[] completion = [random.Below(vocabulary.Length)];
            var healed = new int[prompt.Length + 1];
            var length = healer.Heal(prompt, completion, healed);
            plain += healed.Take(length).SequenceEqual(prompt.SkipLast(found).Concat(completion)) ? 0 : 1;
        }
        yield return Invariant.None("finds the overlap that a search through the whole vocabulary finds", overlaps);
        yield return Invariant.None("offers every token that begins with what was taken back, and no other", candidates);
        yield return Invariant.None("leaves the rest of the prompt and the completion as they are", plain);
    }

    // Two letters, one of them of two bytes, make many beginnings.
    static string Word(RandomData random) =>
        string.Concat(Enumerable.Range(0, random.Between(1, 5)).Select(_ => random.Below(2) == 0 ? 'a' : 'é'));

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
