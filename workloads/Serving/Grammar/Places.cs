namespace MlPerfEdu.Serving.Grammar;

/// <summary>The places of an expression where a byte is read: which come first, which may be last, and which may follow each.</summary>
sealed class Places
{
    readonly List<ByteSet> _sets = [];
    readonly List<SortedSet<int>> _after = [];

    public Places(Expression expression)
    {
        var whole = Add(expression);
        (First, Last, IsOptional) = (whole.First, whole.Last.ToHashSet(), whole.IsOptional);
    }

    public IReadOnlyList<ByteSet> Sets => _sets;

    public IReadOnlyList<IReadOnlySet<int>> After => _after;

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
        _sets.Add(set);
        _after.Add([]);
        return new([_sets.Count - 1], [_sets.Count - 1], false);
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
            _after[place].UnionWith(next);
    }

    sealed record Part(IReadOnlyList<int> First, IReadOnlyList<int> Last, bool IsOptional);
}
