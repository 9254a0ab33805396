namespace MlPerfEdu.Serving.Prefixes;

public enum Eviction
{
    /// <summary>Evicts what was not used for the longest time.</summary>
    LeastRecentlyUsed,

    /// <summary>Evicts what was used least often, and of those what was not used for the longest time.</summary>
    LeastFrequentlyUsed,
}

/// <summary>Slots in order of eviction, every change in constant time (Shah et al. 2010): a list of classes of equal use, from the least upwards,
/// and in each the slots from the oldest on. Least recently used is one class for all.</summary>
sealed class EvictionOrder
{
    readonly Eviction _policy;
    // Rings: the slots of class c and their head, node slots + c; and the classes in use, whose head is class 0.
    readonly Ring _slots;
    readonly Ring _classes;
    readonly int[] _classOf;
    readonly long[] _uses;
    readonly Stack<int> _free;

    public EvictionOrder(int slots, Eviction policy)
    {
        // Never more classes than slots, but a slot enters its next class before it leaves the last.
        var classes = slots + 2;
        (_policy, _classOf, _uses) = (policy, new int[slots], new long[classes]);
        (_slots, _classes) = (new(slots + classes), new(classes));
        _free = new(Enumerable.Range(1, classes - 1).Reverse());
    }

    /// <summary>The slot to evict.</summary>
    public int First => _slots.Next(HeadOf(_classes.Next(0)));

    public void Add(int slot) => Append(slot, ClassOfUses(1, 0));

    /// <summary>The slot was used once more.</summary>
    public void Touch(int slot)
    {
        var from = _classOf[slot];
        var to = _policy == Eviction.LeastFrequentlyUsed ? ClassOfUses(_uses[from] + 1, from) : from;
        _slots.Remove(slot);
        Append(slot, to);
        Tidy(from);
    }

    public void Remove(int slot)
    {
        _slots.Remove(slot);
        Tidy(_classOf[slot]);
    }

    // The next class if it has so many uses, or a new one before it.
    int ClassOfUses(long uses, int previous)
    {
        var next = _classes.Next(previous);
        if (next != 0 && _uses[next] == uses)
            return next;
        var made = _free.Pop();
        _uses[made] = uses;
        _classes.InsertBefore(next, made);
        return made;
    }

    void Append(int slot, int to)
    {
        _classOf[slot] = to;
        _slots.InsertBefore(HeadOf(to), slot);
    }

    void Tidy(int index)
    {
        if (_slots.Next(HeadOf(index)) != HeadOf(index))
            return;
        _classes.Remove(index);
        _free.Push(index);
    }

    int HeadOf(int index) => _classOf.Length + index;

    /// <summary>Doubly linked rings of numbers; each number begins as a ring of its own.</summary>
    sealed class Ring(int count)
    {
        readonly int[] _next = [.. Enumerable.Range(0, count)];
        readonly int[] _previous = [.. Enumerable.Range(0, count)];

        public int Next(int node) => _next[node];

        public void InsertBefore(int next, int node)
        {
            var previous = _previous[next];
            (_previous[node], _next[node]) = (previous, next);
            (_next[previous], _previous[next]) = (node, node);
        }

        public void Remove(int node)
        {
            (_next[_previous[node]], _previous[_next[node]]) = (_next[node], _previous[node]);
            (_next[node], _previous[node]) = (node, node);
        }
    }
}
