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

    public static IReadOnlyList<int> Decode(TinyModel model, GrammarCache grammar, ServingRequest request)
    {
        List<int> tokens = [.. request.Prompt];
        var state = GrammarCache.Start;
        while (tokens.Count < request.Prompt.Count + request.Wanted)
        {
            var token = Choose(model.Logits(tokens), grammar.Mask(state));
            if (token == Vocabulary.End)
                break;
            tokens.Add(token);
            state = grammar.Next(state, token);
        }
        return tokens[request.Prompt.Count..];
    }
}
