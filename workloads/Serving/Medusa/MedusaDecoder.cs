using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Medusa;

/// <summary>
/// Heads on the last hidden state, the first of which guesses the token after the next one, and so on (Cai et al. 2024). Their best
/// guesses together are a tree, which the model checks in one pass.
/// </summary>
public sealed class MedusaDecoder
{
    readonly VocabularyHead[] _heads;
    readonly int _perHead;
    // (heads, per head)
    readonly int[] _tokens;
    readonly float[] _probabilities;
    readonly PriorityQueue<Guess, double> _open;

    /// <param name="weights">(vocabulary, hidden) of each head.</param>
    /// <param name="perHead">Guesses of each head that may enter the tree.</param>
    public MedusaDecoder(int hidden, int vocabulary, IReadOnlyList<float[]> weights, int perHead)
    {
        Guard.NotEmpty(weights.Count, "heads");
        if (perHead < 1 || perHead > vocabulary)
            throw ServingErrors.OutOfRange("guesses per head", perHead, $"1 to {vocabulary}");
        _heads = [.. weights.Select(weight => new VocabularyHead(vocabulary, hidden, weight))];
        _perHead = perHead;
        (_tokens, _probabilities) = (new int[_heads.Length * perHead], new float[_heads.Length * perHead]);
        _open = new(2 * MedusaTree.MostNodes);
    }

    public int Heads => _heads.Length;

    /// <summary>Fills the tree with the paths that the heads find most probable.</summary>
    /// <param name="hidden">(hidden): the state that gave the last token.</param>
    public void Draft(ReadOnlySpan<float> hidden, int lastToken, MedusaTree tree)
    {
        for (var head = 0; head < Heads; head++)
        {
            var (from, to) = (head * _perHead, (head + 1) * _perHead);
            var total = _heads[head].Largest(hidden, _tokens.AsSpan(from..to), _probabilities.AsSpan(from..to));
            for (var index = from; index < to; index++)
                _probabilities[index] = MathF.Min(1, MathF.Exp(_probabilities[index] - total));
        }
        tree.Restart(lastToken);
        _open.Clear();
        Open(tree, 0, 0);
        // A child or a sibling is never more probable than what it was opened by: the most probable open one is the best of all.
        while (tree.Count < tree.Capacity && _open.TryDequeue(out var guess, out _))
        {
            var at = tree.Depth(guess.Parent) * _perHead + guess.Rank;
            var node = tree.Add(guess.Parent, _tokens[at], _probabilities[at]);
            Open(tree, guess.Parent, guess.Rank + 1);
            Open(tree, node, 0);
        }
    }

    void Open(MedusaTree tree, int parent, int rank)
    {
        var head = tree.Depth(parent);
        if (head < Heads && rank < _perHead)
            _open.Enqueue(new(parent, rank), -tree.Probability(parent) * _probabilities[head * _perHead + rank]);
    }

    /// <summary>The original's draft: the best guess of each head as one path.</summary>
    /// <param name="tokens">(heads)</param>
    /// <param name="probabilities">(heads): of the path up to there.</param>
    public void DraftPath(ReadOnlySpan<float> hidden, Span<int> tokens, Span<double> probabilities)
    {
        Guard.Length(tokens.Length, Heads, "tokens");
        Guard.Length(probabilities.Length, Heads, "probabilities");
        var path = 1.0;
        for (var head = 0; head < Heads; head++)
        {
            var logit = 0f;
            var total = _heads[head].Largest(hidden, tokens.Slice(head, 1), new Span<float>(ref logit));
            probabilities[head] = path *= MathF.Min(1, MathF.Exp(logit - total));
        }
    }

    readonly record struct Guess(int Parent, int Rank);
}
