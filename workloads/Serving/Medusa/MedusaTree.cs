namespace MlPerfEdu.Serving.Medusa;

/// <summary>
/// Several continuations at once, sharing what they have in common (Cai et al. 2024). Node 0 is the token that is already decided; every
/// other node follows its parent, which stands before it.
/// </summary>
public sealed class MedusaTree
{
    /// <summary>A node's ancestors are the bits of one word.</summary>
    public const int MostNodes = 64;

    readonly int[] _tokens;
    readonly int[] _parents;
    readonly int[] _depths;
    readonly ulong[] _visible;
    readonly double[] _probabilities;

    public MedusaTree(int capacity)
    {
        if (capacity < 1 || capacity > MostNodes)
            throw ServingErrors.OutOfRange("nodes of a tree", capacity, $"1 to {MostNodes}");
        (_tokens, _parents, _depths) = (new int[capacity], new int[capacity], new int[capacity]);
        (_visible, _probabilities) = (new ulong[capacity], new double[capacity]);
    }

    public int Capacity => _tokens.Length;

    public int Count { get; private set; }

    public int Token(int node) => _tokens[Checked(node)];

    /// <summary>-1 for the root.</summary>
    public int Parent(int node) => _parents[Checked(node)];

    /// <summary>How many tokens after the root.</summary>
    public int Depth(int node) => _depths[Checked(node)];

    /// <summary>Which nodes a node attends to: its ancestors and itself, never a token of another continuation.</summary>
    public ulong Visible(int node) => _visible[Checked(node)];

    /// <summary>The heads' probability of the whole path from the root.</summary>
    public double Probability(int node) => _probabilities[Checked(node)];

    /// <summary>Tokens that are accepted on average, if the heads' probabilities are right.</summary>
    public double ExpectedAccepted
    {
        get
        {
            var sum = 0.0;
            for (var node = 1; node < Count; node++)
                sum += _probabilities[node];
            return sum;
        }
    }

    public void Restart(int token)
    {
        (_tokens[0], _parents[0], _depths[0], _visible[0], _probabilities[0]) = (token, -1, 0, 1, 1);
        Count = 1;
    }

    public int Add(int parent, int token, double probability)
    {
        Checked(parent);
        if (Count == Capacity)
            throw ServingErrors.OutOfRoom("nodes of the tree", 1, 0);
        if (!(probability is >= 0 and <= 1))
            throw ServingErrors.OutOfRange("a probability of", probability, "0 to 1");
        var node = Count++;
        (_tokens[node], _parents[node], _depths[node]) = (token, parent, _depths[parent] + 1);
        _visible[node] = _visible[parent] | (1UL << node);
        _probabilities[node] = _probabilities[parent] * probability;
        return node;
    }

    /// <summary>The child that continues with a token; -1 without one.</summary>
    public int Child(int parent, int token)
    {
        for (var node = Checked(parent) + 1; node < Count; node++)
        {
            if (_parents[node] == parent && _tokens[node] == token)
                return node;
        }
        return -1;
    }

    int Checked(int node) => (uint)node < (uint)Count ? node : throw ServingErrors.UnknownId("node", node, $"0 to {Count - 1}");
}
