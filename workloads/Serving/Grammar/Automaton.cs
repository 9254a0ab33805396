namespace MlPerfEdu.Serving.Grammar;

/// <summary>A deterministic automaton over bytes: a state per set of places in the expression that could read the next byte (Glushkov 1961). From
/// every state the end can be reached, for an expression cannot demand what no byte fulfils.</summary>
sealed class Automaton
{
    public const int Dead = -1;

    const int Bytes = 256;

    readonly List<int> next = [];
    readonly List<bool> accepts = [];
    readonly int[] table;

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
                    this.next[from.State * Bytes + value] = StateOf([.. read.SelectMany(place => places.After[place]).Distinct().Order()],
                        read.Exists(places.Last.Contains));
            }
        }
        table = [.. this.next];

        int StateOf(int[] next, bool accepts)
        {
            var key = (accepts ? "+" : "-") + string.Join(',', next);
            if (states.TryGetValue(key, out var state))
                return state;
            states.Add(key, state = this.accepts.Count);
            this.accepts.Add(accepts);
            this.next.AddRange(Enumerable.Repeat(Dead, Bytes));
            open.Enqueue((state, next));
            return state;
        }
    }

    public const int Start = 0;

    public int States => accepts.Count;
    public bool Accepts(int state) => accepts[state];
    public int Next(int state, byte value) => table[state * Bytes + value];

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

/// <summary>The places of an expression where a byte is read: which come first, which may be last, and which may follow each.</summary>
sealed class Places
{
    readonly List<ByteSet> sets = [];
    readonly List<SortedSet<int>> after = [];

    public Places(Expression expression)
    {
        var whole = Add(expression);
        (First, Last, IsOptional) = (whole.First, whole.Last.ToHashSet(), whole.IsOptional);
    }

    public IReadOnlyList<ByteSet> Sets => sets;
    public IReadOnlyList<IReadOnlySet<int>> After => after;
    public IReadOnlyList<int> First { get; }
    public IReadOnlySet<int> Last { get; }
    /// <summary>Whether the empty text is one that the expression describes.</summary>
    public bool IsOptional { get; }

    Part Add(Expression expression) => expression switch
    {
        OneByte one => AddByte(one.Set),
        Choice choice => choice.Choices.Select(Add).Aggregate(new Part([], [], false),
            (all, part) => new([.. all.First, .. part.First], [.. all.Last, .. part.Last], all.IsOptional || part.IsOptional)),
        Repeat repeat => Repeated(Add(repeat.Part)),
        Sequence sequence => sequence.Parts.Aggregate(new Part([], [], true), (before, part) => Joined(before, Add(part))),
        _ => throw new ArgumentException($"An expression of type {expression.GetType()}; write a case for it.", nameof(expression)),
    };

    Part AddByte(ByteSet set)
    {
        sets.Add(set);
        after.Add([]);
        return new([sets.Count - 1], [sets.Count - 1], false);
    }

    Part Joined(Part before, Part part)
    {
        Follow(before.Last, part.First);
        return new(before.IsOptional ? [.. before.First, .. part.First] : before.First,
            part.IsOptional ? [.. before.Last, .. part.Last] : part.Last, before.IsOptional && part.IsOptional);
    }

    Part Repeated(Part part)
    {
        Follow(part.Last, part.First);
        return part with { IsOptional = true };
    }

    void Follow(IReadOnlyList<int> before, IReadOnlyList<int> next)
    {
        foreach (var place in before)
            after[place].UnionWith(next);
    }

    sealed record Part(IReadOnlyList<int> First, IReadOnlyList<int> Last, bool IsOptional);
}

/// <summary>A regular expression over bytes.</summary>
public abstract record Expression
{
    public static readonly Expression Empty = new Sequence([]);

    public static Expression Text(string text) => new Sequence([.. System.Text.Encoding.UTF8.GetBytes(text).Select(Byte)]);
    public static Expression Byte(byte value) => new OneByte(ByteSet.Of(value, value));
    public static Expression Range(int least, int most) => new OneByte(ByteSet.Of(least, most));
    public static Expression Of(params Expression[] parts) => new Sequence(parts);
    public static Expression Any(params IReadOnlyList<Expression> choices) => new Choice(choices);
    public static Expression Optional(Expression part) => new Choice([Empty, part]);
    public static Expression Many(Expression part) => new Repeat(part);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/> times, without an upper bound where that is absent.</summary>
    public static Expression Times(Expression part, int least, int? most)
    {
        List<Expression> parts = [.. Enumerable.Repeat(part, least)];
        if (most is null)
            parts.Add(Many(part));
        else
        {
            // (part (part (part)?)?)?
            var rest = Empty;
            for (var time = least; time < most; time++)
                rest = Optional(Of(part, rest));
            parts.Add(rest);
        }
        return new Sequence(parts);
    }
}

sealed record OneByte(ByteSet Set) : Expression;
sealed record Sequence(IReadOnlyList<Expression> Parts) : Expression;
sealed record Choice(IReadOnlyList<Expression> Choices) : Expression;
sealed record Repeat(Expression Part) : Expression;

readonly record struct ByteSet(UInt128 Low, UInt128 High)
{
    public static ByteSet Of(int least, int most)
    {
        var set = default(ByteSet);
        for (var value = least; value <= most; value++)
            set = value < 128 ? set with { Low = set.Low | (UInt128.One << value) } : set with { High = set.High | (UInt128.One << (value - 128)) };
        return set;
    }

    public bool Contains(byte value) => ((value < 128 ? Low >> value : High >> (value - 128)) & 1) != 0;
}
