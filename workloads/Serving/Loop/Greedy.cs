using MlPerfEdu.Serving.Grammar;

namespace MlPerfEdu.Serving.Loop;

/// <summary>
/// The most likely token that the grammar allows, and decoding by it alone: every step from nothing, one request after the other.
/// </summary>
static class Greedy
{
    public static int Choose(ReadOnlySpan<float> logits, ReadOnlySpan<ulong> mask)
    {
        var best = -1;
        for (var token = 0; token < logits.Length; token++)
        {
            if ((mask[token / 64] >> (token % 64) & 1) != 0 && (best < 0 || logits[token] > logits[best]))
                best = token;
        }
        return best;
    }

    public static IReadOnlyList<int> Decode(TinyModel model, GrammarCache grammar, ServingRequest request) =>
        Continue(model, grammar, request.Prompt, [], request.Wanted);

    /// <summary>What a model says after a prompt and the beginning of an answer.</summary>
    public static IReadOnlyList<int> Continue(
        TinyModel model, GrammarCache grammar, IReadOnlyList<int> prompt, IEnumerable<int> said, int most)
    {
        List<int> tokens = [.. prompt, .. said];
        var state = tokens.Skip(prompt.Count).Aggregate(GrammarCache.Start, grammar.Next);
        var known = tokens.Count;
        while (tokens.Count < known + most)
        {
            var token = Choose(model.Logits(tokens), grammar.Mask(state));
            if (token == Vocabulary.End)
                break;
            tokens.Add(token);
            state = grammar.Next(state, token);
        }
        return tokens[known..];
    }
}
