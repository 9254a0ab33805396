namespace MlPerfEdu.Serving.Grammar;

/// <summary>
/// A deterministic automaton over bytes: a state per set of places in the expression that could read the next byte (Glushkov 1961). From
/// every state the end can be reached, for an expression cannot demand what no byte fulfils.
/// </summary>
sealed class Automaton
{
    /// <summary>Where no text leads on.</summary>
    public const int Dead = -1;

    const int Bytes = 256;

    readonly List<int> _next = [];
    readonly List<bool> _accepts = [];
    readonly int[] _table;

    public Automaton(Expression expression)
    {
        var places = new Places(expression);
        var states = new Dictionary<string, int>();
        var open = new Queue<(int State, int[] Places)>();
        StateOf([.. places.First], places.IsOptional);
        while (open.TryDequeue(out var from))
        {
            for (var value = 0; value < Bytes; value++)
            {
                List<int> read = [.. from.Places.Where(place => places.Sets[place].Contains((byte)value))];
                if (read.Count > 0)
                    _next[from.State * Bytes + value] = StateOf([.. read.SelectMany(place => places.After[place]).Distinct().Order()],
                        read.Exists(places.Last.Contains));
            }
        }
        _table = [.. _next];

        int StateOf(int[] next, bool accepts)
        {
            var key = (accepts ? "+" : "-") + string.Join(',', next);
            if (states.TryGetValue(key, out var state))
                return state;
            states.Add(key, state = _accepts.Count);
            _accepts.Add(accepts);
            _next.AddRange(Enumerable.Repeat(Dead, Bytes));
            open.Enqueue((state, next));
            return state;
        }
    }

    public const int Start = 0;

    public int States => _accepts.Count;

    public bool Accepts(int state) => _accepts[state];

    public int Next(int state, byte value) => _table[state * Bytes + value];

    /// <summary>The state after a text, or <see cref="Dead"/>.</summary>
    public int Next(int state, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (state == Dead)
                return Dead;
            state = Next(state, value);
        }
        return state;
    }
}
