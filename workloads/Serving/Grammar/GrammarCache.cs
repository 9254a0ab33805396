namespace MlPerfEdu.Serving.Grammar;

/// <summary>The position of a text in its grammar.</summary>
readonly record struct GrammarState(int Value);

/// <summary>Masks of the tokens that may come next, for a grammar and a vocabulary: a bit per token, built once per state. Tokens form a tree, so
/// that common prefixes are followed once.</summary>
sealed class GrammarCache
{
    const int Word = 64;

    readonly Automaton automaton;
    readonly Vocabulary vocabulary;
    readonly TokenTree tree;
    readonly ulong[]?[] masks;

    public GrammarCache(Expression grammar, Vocabulary vocabulary)
    {
        (automaton, this.vocabulary, tree) = (new(grammar), vocabulary, new(vocabulary));
        masks = new ulong[automaton.States][];
    }

    public static GrammarState Start => new(Automaton.Start);
    public int States => automaton.States;
    /// <summary>States whose mask is cached.</summary>
    public int Cached { get; private set; }
    /// <summary>Words of a mask; token t is bit t % 64 of word t / 64.</summary>
    public int MaskWords => (vocabulary.Count + Word - 1) / Word;

    public bool IsEnd(GrammarState state) => automaton.Accepts(Checked(state));
    public ReadOnlySpan<ulong> Mask(GrammarState state) => masks[Checked(state)] ?? Keep(state);
    public bool IsAllowed(GrammarState state, int token) => (Mask(state)[Checked(token) / Word] >> (token % Word) & 1) != 0;

    /// <exception cref="KernelException">The grammar does not allow it here, or it ends the text.</exception>
    public GrammarState Next(GrammarState state, int token)
    {
        var next = token == Vocabulary.End ? Automaton.Dead : automaton.Next(Checked(state), vocabulary[Checked(token)]);
        return next != Automaton.Dead ? new(next) : throw KernelErrors.OutOfRange(
            "token", token, "one that the mask of the state allows, and not the end");
    }

    /// <summary>Builds a mask without caching it.</summary>
    public void Build(GrammarState state, Span<ulong> mask)
    {
        var at = Checked(state);
        Guard.Length(mask.Length, MaskWords, "words of a mask");
        mask.Clear();
        tree.Allowed(automaton, at, mask);
        if (automaton.Accepts(at))
            mask[Vocabulary.End / Word] |= 1UL << (Vocabulary.End % Word);
    }

    ulong[] Keep(GrammarState state)
    {
        var mask = new ulong[MaskWords];
        Build(state, mask);
        masks[state.Value] = mask;
        Cached++;
        return mask;
    }

    int Checked(GrammarState state) => Guard.Index(state.Value, States, "state");
    int Checked(int token) => Guard.Index(token, vocabulary.Count, "token");
}

/// <summary>All tokens as a tree of bytes, laid out depth first; each node knows where to go on when its byte leads nowhere.</summary>
sealed class TokenTree
{
    const int Word = 64;
    const int NoToken = -1;

    readonly Node[] nodes;
    // Of two tokens with the same bytes the other one.
    readonly int[] twin;
    readonly int[] stateAtDepth;

    public TokenTree(Vocabulary vocabulary)
    {
        var order = Enumerable.Range(1, vocabulary.Count - 1).ToArray();
        Array.Sort(order, (a, b) => vocabulary[a].SequenceCompareTo(vocabulary[b]));
        twin = new int[vocabulary.Count];
        List<Node> nodes = [];
        // Nodes from the root to the last one, whose ends are not known yet.
        var open = new List<int>();
        foreach (var token in order)
        {
            var text = vocabulary[token];
            var shared = 0;
            while (shared < Math.Min(open.Count, text.Length) && nodes[open[shared]].Byte == text[shared])
                shared++;
            Close(shared);
            for (var depth = shared; depth < text.Length; depth++)
            {
                open.Add(nodes.Count);
                nodes.Add(new(text[depth], depth, NoToken, 0));
            }
            ref var end = ref CollectionsMarshal.AsSpan(nodes)[open[^1]];
            (twin[token], end.Token) = (end.Token, token);
        }
        Close(0);
        this.nodes = [.. nodes];
        stateAtDepth = new int[nodes.Max(node => node.Depth) + 2];

        void Close(int depth)
        {
            foreach (var node in open.Skip(depth))
                CollectionsMarshal.AsSpan(nodes)[node].Behind = nodes.Count;
            open.RemoveRange(depth, open.Count - depth);
        }
    }

    /// <summary>Sets the bit of every token that the automaton survives.</summary>
    public void Allowed(Automaton automaton, int state, Span<ulong> mask)
    {
        stateAtDepth[0] = state;
        for (var index = 0; index < nodes.Length;)
        {
            ref readonly var node = ref nodes[index];
            var next = automaton.Next(stateAtDepth[node.Depth], node.Byte);
            if (next == Automaton.Dead)
            {
                index = node.Behind;
                continue;
            }
            stateAtDepth[node.Depth + 1] = next;
            for (var token = node.Token; token != NoToken; token = twin[token])
                mask[token / Word] |= 1UL << (token % Word);
            index++;
        }
    }

    /// <param name="Behind">The node after all below this one.</param>
    record struct Node(byte Byte, int Depth, int Token, int Behind);
}
