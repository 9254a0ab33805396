using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Serving.Loop;
using MlPerfEdu.Serving.Tests.Modules;

namespace MlPerfEdu.Serving.Tests;

/// <summary>Decoding by the most likely token alone: every step from scratch, one request after the other.</summary>
static class GreedyDecoding
{
    public static IReadOnlyList<int> Decode(TinyModel model, GrammarCache grammar, ServingRequest request) =>
        Continue(model, grammar, request.Prompt, [], request.Wanted);

    /// <summary>Greedy decoding after a prompt and the beginning of an answer.</summary>
    public static IReadOnlyList<int> Continue(TinyModel model, GrammarCache grammar, IReadOnlyList<int> prompt, IEnumerable<int> answer, int most)
    {
        List<int> tokens = [.. prompt, .. answer];
        var state = tokens.Skip(prompt.Count).Aggregate(GrammarCache.Start, grammar.Next);
        var known = tokens.Count;
        while (tokens.Count < known + most)
        {
            var token = Greedy.Choose(Logits(model, tokens), grammar.Mask(state));
            if (token == Vocabulary.End)
                break;
            tokens.Add(token);
            state = grammar.Next(state, token);
        }
        return tokens[known..];
    }

    /// <summary>Logits after a text, computed from its first token on without any cache.</summary>
    static float[] Logits(TinyModel model, List<int> tokens)
    {
        var (keys, values) = (History(), History());
        var logits = new float[model.Vocabulary];
        for (var position = 0; position < tokens.Count; position++)
            model.Forward([tokens[position]], [position], Dense, logits);
        return logits;

        List<float[]>[] History() => [.. Enumerable.Range(0, model.Layers).Select(_ => new List<float[]>())];

        void Dense(int layer, int row, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output)
        {
            keys[layer].Add(key.ToArray());
            values[layer].Add(value.ToArray());
            DenseAttention.Attend(model.Shape, query, ByHead(keys[layer]), ByHead(values[layer]), output);
        }

        // (tokens, kv heads, dim) to (kv heads, tokens, dim)
        float[] ByHead(List<float[]> history) => [.. Enumerable.Range(0, model.Shape.KvHeads)
            .SelectMany(head => history.SelectMany(token => token.Skip(head * model.Shape.Dim).Take(model.Shape.Dim)))];
    }
}
