namespace MlPerfEdu.Serving.Medusa;

/// <summary>Heads on the last hidden state, the first of which guesses the token after the next one, and so on (Cai et al. 2024). Their best
/// guesses together are a tree, which the model checks in one pass.</summary>
public sealed class MedusaDecoder
{
    readonly VocabularyHead[] heads;
    readonly int perHead;
    // (heads, per head)
    readonly int[] tokens;
    readonly float[] probabilities;
    readonly PriorityQueue<Guess, double> open;

    // weights (vocabulary, hidden) of each head; perHead: guesses of each head that may enter the tree
    public MedusaDecoder(int hidden, int vocabulary, IReadOnlyList<float[]> weights, int perHead)
    {
        Guard.NotEmpty(weights.Count, "heads");
        Guard.Range(perHead >= 1 && perHead <= vocabulary, "guesses per head", perHead, $"1 to {vocabulary}");
        heads = [.. weights.Select(weight => new VocabularyHead(vocabulary, hidden, weight))];
        this.perHead = perHead;
        (tokens, probabilities) = (new int[heads.Length * perHead], new float[heads.Length * perHead]);
        open = new(2 * MedusaTree.MostNodes);
    }

    public int Heads => heads.Length;

    /// <summary>Fills the tree with the most probable paths.</summary>
    /// <param name="hidden">(hidden): the state that gave the last token.</param>
    public void Draft(ReadOnlySpan<float> hidden, int lastToken, MedusaTree tree)
    {
        for (var head = 0; head < Heads; head++)
        {
            var (from, to) = (head * perHead, (head + 1) * perHead);
            var total = heads[head].Largest(hidden, tokens.AsSpan(from..to), probabilities.AsSpan(from..to));
            for (var index = from; index < to; index++)
                probabilities[index] = MathF.Min(1, MathF.Exp(probabilities[index] - total));
        }
        tree.Restart(lastToken);
        open.Clear();
        Open(tree, 0, 0);
        // A child or a sibling is never more probable than what it was opened by: the most probable open one is the best of all.
        while (tree.Count < tree.Capacity && open.TryDequeue(out var guess, out _))
        {
            var at = tree[guess.Parent].Depth * perHead + guess.Rank;
            var node = tree.Add(guess.Parent, tokens[at], probabilities[at]);
            Open(tree, guess.Parent, guess.Rank + 1);
            Open(tree, node, 0);
        }
    }

    void Open(MedusaTree tree, int parent, int rank)
    {
        var head = tree[parent].Depth;
        if (head < Heads && rank < perHead)
            open.Enqueue(new(parent, rank), -tree[parent].Probability * probabilities[head * perHead + rank]);
    }

    /// <summary>The original's draft: the best guess of each head as one path.</summary>
    // tokens (heads); probabilities (heads): of the path up to there
    public void DraftPath(ReadOnlySpan<float> hidden, Span<int> tokens, Span<double> probabilities)
    {
        Guard.Length(tokens.Length, Heads, "tokens");
        Guard.Length(probabilities.Length, Heads, "probabilities");
        var path = 1.0;
        for (var head = 0; head < Heads; head++)
        {
            var logit = 0f;
            var total = heads[head].Largest(hidden, tokens.Slice(head, 1), new Span<float>(ref logit));
            probabilities[head] = path *= MathF.Min(1, MathF.Exp(logit - total));
        }
    }

    readonly record struct Guess(int Parent, int Rank);
}

/// <summary>Several continuations at once, sharing what they have in common (Cai et al. 2024). Node 0 is the token that is already decided; every
/// other node follows its parent, which stands before it.</summary>
public sealed class MedusaTree(int capacity)
{
    /// <summary>A node's ancestors are bits of one word.</summary>
    public const int MostNodes = 64;

    readonly MedusaNode[] nodes = new MedusaNode[Guard.Range(
        capacity is >= 1 and <= MostNodes, "nodes of a tree", capacity, $"1 to {MostNodes}")];

    public int Capacity => nodes.Length;
    public int Count { get; private set; }
    public MedusaNode this[int node] => nodes[Guard.Index(node, Count, "node")];

    /// <summary>Tokens that are accepted on average, if the heads' probabilities are right.</summary>
    public double ExpectedAccepted => nodes.Take(Count).Skip(1).Sum(node => node.Probability);

    public void Restart(int token)
    {
        nodes[0] = new(token, Parent: -1, Depth: 0, Visible: 1, Probability: 1);
        Count = 1;
    }

    public int Add(int parent, int token, double probability)
    {
        var before = this[parent];
        if (Count == Capacity)
            throw KernelErrors.OutOfRoom("nodes of the tree", 1, 0);
        Guard.Range(probability is >= 0 and <= 1, "a probability of", probability, "0 to 1");
        nodes[Count] = new(token, parent, before.Depth + 1, before.Visible | (1UL << Count), before.Probability * probability);
        return Count++;
    }

    /// <summary>The child that continues with a token; -1 without one.</summary>
    public int Child(int parent, int token)
    {
        Guard.Index(parent, Count, "node");
        for (var node = parent + 1; node < Count; node++)
        {
            if (nodes[node].Parent == parent && nodes[node].Token == token)
                return node;
        }
        return -1;
    }
}

/// <param name="Parent">-1 for the root.</param>
/// <param name="Depth">Tokens after the root.</param>
/// <param name="Visible">A bit per node that it attends to: its ancestors and itself, never a token of another continuation.</param>
/// <param name="Probability">The heads' probability of the whole path from the root.</param>
public readonly record struct MedusaNode(int Token, int Parent, int Depth, ulong Visible, double Probability);

/// <summary>Attention of all nodes of a tree in one pass: each to the whole context, and within the tree to its ancestors alone.</summary>
public sealed class TreeAttention(AttentionShape shape)
{
    /// <param name="queries">(nodes, heads, dim), as the output.</param>
    // contextKeys (kv heads, context, dim), as contextValues, may be empty; keys (kv heads, nodes, dim), as values: those of the tree
    public void Attend(
        MedusaTree tree, ReadOnlySpan<float> queries, ReadOnlySpan<float> contextKeys, ReadOnlySpan<float> contextValues,
        ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> output)
    {
        Guard.NotEmpty(tree.Count, "nodes of the tree");
        Guard.Length(queries.Length, tree.Count * shape.QuerySize, "queries");
        Guard.Length(keys.Length, tree.Count * shape.TokenSize, "keys of the tree");
        Guard.Length(values.Length, keys.Length, "values of the tree");
        Guard.Length(contextValues.Length, contextKeys.Length, "values of the context");
        Guard.Length(output.Length, queries.Length, "the output");
        var context = contextKeys.Length / shape.TokenSize;
        Guard.Length(contextKeys.Length, context * shape.TokenSize, "keys of the context");
        output.Clear();
        for (var node = 0; node < tree.Count; node++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                var at = node * shape.QuerySize + head * shape.Dim;
                var kvHead = head / shape.Group;
                var (inContext, inTree) = (kvHead * context * shape.Dim, kvHead * tree.Count * shape.Dim);
                ref var query = ref MemoryMarshal.GetReference(queries[at..]);
                ref var mixed = ref output[at];
                var softmax = new OnlineSoftmax();
                softmax.Add(ref query, ref MemoryMarshal.GetReference(contextKeys[inContext..]),
                    ref MemoryMarshal.GetReference(contextValues[inContext..]), ref mixed, context, shape.Dim, shape.Scale);
                // Ancestors lie scattered: runs of them are taken together.
                for (var visible = tree[node].Visible; visible != 0;)
                {
                    var first = BitOperations.TrailingZeroCount(visible);
                    var count = BitOperations.TrailingZeroCount(~(visible >> first));
                    softmax.Add(ref query, ref MemoryMarshal.GetReference(keys[(inTree + first * shape.Dim)..]),
                        ref MemoryMarshal.GetReference(values[(inTree + first * shape.Dim)..]), ref mixed, count, shape.Dim, shape.Scale);
                    visible &= first + count == 64 ? 0 : ulong.MaxValue << (first + count);
                }
                softmax.Finish(output.Slice(at, shape.Dim));
            }
        }
    }
}

/// <summary>What the model accepts of some guesses: a path from the root, and its own token after it.</summary>
/// <param name="Accepted">Guesses kept.</param>
/// <param name="Node">Where the path ends; 0 when no guess was kept.</param>
/// <param name="Next">The model's own next token: every check yields at least this one.</param>
public readonly record struct Acceptance(int Accepted, int Node, int Next);

/// <summary>Accepts exactly what greedy decoding would have produced, so that guessing changes the speed and never the text.</summary>
public static class GreedyAcceptance
{
    /// <param name="logits">(nodes, vocabulary), after each node</param>
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
                return new(tree[node].Depth, node, next);
            node = child;
        }
    }

    /// <param name="tokens">One path of guesses.</param>
    /// <param name="logits">(tokens or one more, vocabulary), in the place of each guess</param>
    /// <returns>How many of the first guesses the model agrees with.</returns>
    public static int OfPath(ReadOnlySpan<int> tokens, ReadOnlySpan<float> logits, int vocabulary)
    {
        Guard.NotEmpty(tokens.Length, "guesses");
        if (Guard.Rows(logits, Guard.Positive(vocabulary, "vocabulary"), "logits") < tokens.Length)
            throw KernelErrors.Shape("logits", $"{logits.Length / vocabulary} rows", $"at least {tokens.Length}");
        var accepted = 0;
        while (accepted < tokens.Length && TopK.Argmax(logits.Slice(accepted * vocabulary, vocabulary), "logits") == tokens[accepted])
            accepted++;
        return accepted;
    }
}
