using System.Runtime.InteropServices;

namespace MlPerfEdu.Serving.Grammar;

/// <summary>All tokens as a tree of bytes, laid out depth first: after each node, where to go on when its byte leads nowhere.</summary>
sealed class TokenTree
{
    const int Word = 64;
    const int NoToken = -1;

    readonly Node[] _nodes;
    // Of two tokens with the same bytes the other one.
    readonly int[] _twin;
    readonly int[] _stateAtDepth;

    public TokenTree(Vocabulary vocabulary)
    {
        var order = Enumerable.Range(1, vocabulary.Count - 1).ToArray();
        Array.Sort(order, (a, b) => vocabulary[a].SequenceCompareTo(vocabulary[b]));
        _twin = new int[vocabulary.Count];
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
            (_twin[token], end.Token) = (end.Token, token);
        }
        Close(0);
        _nodes = [.. nodes];
        _stateAtDepth = new int[nodes.Max(node => node.Depth) + 2];

        void Close(int depth)
        {
            foreach (var node in open.Skip(depth))
                CollectionsMarshal.AsSpan(nodes)[node].Behind = nodes.Count;
            open.RemoveRange(depth, open.Count - depth);
        }
    }

    /// <summary>Sets the bit of every token after which the automaton still lives.</summary>
    public void Allowed(Automaton automaton, int state, Span<ulong> mask)
    {
        _stateAtDepth[0] = state;
        for (var index = 0; index < _nodes.Length;)
        {
            ref readonly var node = ref _nodes[index];
            var next = automaton.Next(_stateAtDepth[node.Depth], node.Byte);
            if (next == Automaton.Dead)
            {
                index = node.Behind;
                continue;
            }
            _stateAtDepth[node.Depth + 1] = next;
            for (var token = node.Token; token != NoToken; token = _twin[token])
                mask[token / Word] |= 1UL << (token % Word);
            index++;
        }
    }

    /// <param name="Behind">The node after all that lie below this one.</param>
    record struct Node(byte Byte, int Depth, int Token, int Behind);
}
