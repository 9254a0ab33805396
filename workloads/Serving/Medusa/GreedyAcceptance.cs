using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Medusa;

/// <summary>What a check of guesses keeps: a path from the root, and the model's own token after it.</summary>
/// <param name="Accepted">Guesses kept.</param>
/// <param name="Node">Where the path ends; 0 when no guess was kept.</param>
/// <param name="Next">What the model says next: every check yields at least this token.</param>
public readonly record struct Acceptance(int Accepted, int Node, int Next);

/// <summary>Keeps exactly what greedy decoding would have produced, so that guessing changes the speed and never the text.</summary>
public static class GreedyAcceptance
{
    /// <param name="logits">(nodes, vocabulary): what the model said after each node.</param>
    public static Acceptance OfTree(MedusaTree tree, ReadOnlySpan<float> logits, int vocabulary)
    {
        Guard.Positive(vocabulary, "vocabulary");
        Guard.Length(logits.Length, tree.Count * vocabulary, "logits of the tree");
        var node = 0;
        while (true)
        {
            var next = TopK.Argmax(logits.Slice(node * vocabulary, vocabulary), "logits");
            var child = tree.Child(node, next);
            if (child < 0)
                return new(tree.Depth(node), node, next);
            node = child;
        }
    }

    /// <param name="tokens">One path of guesses.</param>
    /// <param name="logits">(tokens or one more, vocabulary): what the model said in the place of each guess.</param>
    /// <returns>How many of the first guesses the model would have said too.</returns>
    public static int OfPath(ReadOnlySpan<int> tokens, ReadOnlySpan<float> logits, int vocabulary)
    {
        Guard.NotEmpty(tokens.Length, "guesses");
        if (Rows.Count(logits, Guard.Positive(vocabulary, "vocabulary"), "logits") < tokens.Length)
            throw ServingErrors.Shape("logits", $"{logits.Length / vocabulary} rows", $"at least {tokens.Length}");
        var accepted = 0;
        while (accepted < tokens.Length && TopK.Argmax(logits.Slice(accepted * vocabulary, vocabulary), "logits") == tokens[accepted])
            accepted++;
        return accepted;
    }
}
