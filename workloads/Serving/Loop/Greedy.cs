using System.Numerics;
using MlPerfEdu.Serving.Grammar;

namespace MlPerfEdu.Serving.Loop;

/// <summary>
/// The most likely token that the grammar allows, and decoding by it alone: every step from nothing, one request after the other.
/// </summary>
static class Greedy
{
    // A grammar mostly allows few tokens: 64 at a time are passed over.
    public static int Choose(ReadOnlySpan<float> logits, ReadOnlySpan<ulong> mask)
    {
        var best = -1;
        for (var word = 0; word < mask.Length; word++)
        {
            for (var allowed = mask[word]; allowed != 0; allowed &= allowed - 1)
            {
                var token = 64 * word + BitOperations.TrailingZeroCount(allowed);
                if (best < 0 || logits[token] > logits[best])
                    best = token;
            }
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
