namespace MlPerfEdu.Serving.Prefixes;

public enum Eviction
{
    /// <summary>Whatever was not used for the longest time goes first.</summary>
    LeastRecentlyUsed,

    /// <summary>Whatever was used least often goes first, and of those what was not used for the longest time.</summary>
    LeastFrequentlyUsed,
}

/// <summary>
/// Slots in the order in which they are to go, every change in constant time (Shah et al. 2010): a list of classes of equal use, from the
/// least upwards, and in each the slots from the oldest on. Recency alone is one class for all.
/// </summary>
sealed class EvictionOrder
{
    const int None = -1;

    readonly Eviction _policy;
    readonly int[] _previous;
    readonly int[] _next;
    readonly int[] _classOf;
    // Never more classes than slots, and one that is entered before another is left.
    readonly Class[] _classes;
    int _least = None;
    int _free = None;
    int _classesMade;

    public EvictionOrder(int slots, Eviction policy)
    {
        _policy = policy;
        (_previous, _next, _classOf) = (new int[slots], new int[slots], new int[slots]);
        _classes = new Class[slots + 1];
    }

    public int First => _classes[_least].First;

    public void Add(int slot)
    {
        var to = _least != None && _classes[_least].Uses == 1 ? _least : MakeClass(1, None, _least);
        Append(slot, to);
    }

    /// <summary>The slot was used once more.</summary>
    public void Touch(int slot)
    {
        var from = _classOf[slot];
        var to = from;
        if (_policy == Eviction.LeastFrequentlyUsed)
        {
            var (uses, next) = (_classes[from].Uses + 1, _classes[from].Next);
            to = next != None && _classes[next].Uses == uses ? next : MakeClass(uses, from, next);
        }
        Unlink(slot);
        Append(slot, to);
        Tidy(from);
    }

    public void Remove(int slot)
    {
        Unlink(slot);
        Tidy(_classOf[slot]);
    }

    int MakeClass(long uses, int previous, int next)
    {
        var made = _free;
        if (made == None)
            made = _classesMade++;
        else
            _free = _classes[made].Next;
        _classes[made] = new(uses, None, None, previous, next);
        if (previous == None)
            _least = made;
        else
            _classes[previous].Next = made;
        if (next != None)
            _classes[next].Previous = made;
        return made;
    }

    void Tidy(int index)
    {
        var (_, first, _, previous, next) = _classes[index];
        if (first != None)
            return;
        if (previous == None)
            _least = next;
        else
            _classes[previous].Next = next;
        if (next != None)
            _classes[next].Previous = previous;
        _classes[index].Next = _free;
        _free = index;
    }

    void Append(int slot, int to)
    {
        ref var group = ref _classes[to];
        (_previous[slot], _next[slot], _classOf[slot]) = (group.Last, None, to);
        if (group.Last == None)
            group.First = slot;
        else
            _next[group.Last] = slot;
        group.Last = slot;
    }

    void Unlink(int slot)
    {
        ref var group = ref _classes[_classOf[slot]];
        if (_previous[slot] == None)
            group.First = _next[slot];
        else
            _next[_previous[slot]] = _next[slot];
        if (_next[slot] == None)
            group.Last = _previous[slot];
        else
            _previous[_next[slot]] = _previous[slot];
    }

    record struct Class(long Uses, int First, int Last, int Previous, int Next);
}
