namespace MlPerfEdu.Serving.Grammar;

/// <summary>The position of a text in its grammar.</summary>
public readonly record struct GrammarState(int Value);

/// <summary>Masks of the tokens that may come next, for a grammar and a vocabulary: a bit per token, built once per state. Tokens form a tree, so
/// that common prefixes are followed once.</summary>
public sealed class GrammarCache
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
    public int Tokens => vocabulary.Count;
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

/// <summary>Tokens as bytes; token 0 ends a text.</summary>
public sealed class Vocabulary
{
    public const int End = 0;

    const int Bytes = 256;

    readonly byte[][] tokens;

    /// <summary>Those of a model; some may have the same text.</summary>
    public Vocabulary(IEnumerable<byte[]> tokens)
    {
        this.tokens = [.. tokens];
        Guard.Range(this.tokens.Length >= 2, "size of a vocabulary", this.tokens.Length, "at least 2, the end and a token");
        Guard.Length(this.tokens[End].Length, 0, $"bytes of token {End}, the end,");
        for (var token = End + 1; token < this.tokens.Length; token++)
            Guard.NotEmpty(this.tokens[token].Length, $"bytes of token {token}");
    }

    public int Count => tokens.Length;
    public ReadOnlySpan<byte> this[int token] => tokens[token];

    /// <summary>Byte-pair encoding (Sennrich et al. 2016): the end, every byte, then repeatedly the most frequent pair of a text.</summary>
    public static Vocabulary Train(ReadOnlySpan<byte> text, int count)
    {
        Guard.Range(count > Bytes, "size of a vocabulary", count, $"above {Bytes}");
        List<byte[]> tokens = [[], .. Enumerable.Range(0, Bytes).Select(value => new[] { (byte)value })];
        List<int> encoded = [];
        foreach (var value in text)
            encoded.Add(value + 1);
        while (tokens.Count < count && MostFrequent(encoded) is { } pair)
        {
            Join(encoded, pair, tokens.Count);
            tokens.Add([.. tokens[pair.First], .. tokens[pair.Second]]);
        }
        return tokens.Count == count
            ? new(tokens) : throw KernelErrors.OutOfRange("size of a vocabulary", count, $"at most the {tokens.Count} that the text has pairs for");
    }

    static (int First, int Second)? MostFrequent(List<int> encoded)
    {
        var counts = new Dictionary<(int, int), int>();
        for (var index = 1; index < encoded.Count; index++)
            counts[(encoded[index - 1], encoded[index])] = counts.GetValueOrDefault((encoded[index - 1], encoded[index])) + 1;
        // Of equally frequent ones the earliest by number: the same vocabulary on every machine.
        return counts.Count == 0 ? null : counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
    }

    static void Join(List<int> encoded, (int First, int Second) pair, int joined)
    {
        var to = 0;
        for (var from = 0; from < encoded.Count; from++, to++)
        {
            var both = from + 1 < encoded.Count && encoded[from] == pair.First && encoded[from + 1] == pair.Second;
            encoded[to] = both ? joined : encoded[from];
            from += both ? 1 : 0;
        }
        encoded.RemoveRange(to, encoded.Count - to);
    }
}
