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
    readonly Eviction policy;
    // Rings: the slots of class c and their head, node slots + c; and the classes in use, whose head is class 0.
    readonly Ring slots;
    readonly Ring classes;
    readonly int[] classOf;
    readonly long[] uses;
    readonly Stack<int> free;

    public EvictionOrder(int slots, Eviction policy)
    {
        // Never more classes than slots, but a slot enters its next class before it leaves the last.
        var classes = slots + 2;
        (this.policy, classOf, uses) = (policy, new int[slots], new long[classes]);
        (this.slots, this.classes) = (new(slots + classes), new(classes));
        free = new(Enumerable.Range(1, classes - 1).Reverse());
    }

    /// <summary>The slot to evict.</summary>
    public int First => slots.Next(HeadOf(classes.Next(0)));

    public void Add(int slot) => Append(slot, ClassOfUses(1, 0));

    /// <summary>The slot was used once more.</summary>
    public void Touch(int slot)
    {
        var from = classOf[slot];
        var to = policy == Eviction.LeastFrequentlyUsed ? ClassOfUses(uses[from] + 1, from) : from;
        slots.Remove(slot);
        Append(slot, to);
        Tidy(from);
    }

    public void Remove(int slot)
    {
        slots.Remove(slot);
        Tidy(classOf[slot]);
    }

    // The next class if it has so many uses, or a new one before it.
    int ClassOfUses(long uses, int previous)
    {
        var next = classes.Next(previous);
        if (next != 0 && this.uses[next] == uses)
            return next;
        var made = free.Pop();
        this.uses[made] = uses;
        classes.InsertBefore(next, made);
        return made;
    }

    void Append(int slot, int to)
    {
        classOf[slot] = to;
        slots.InsertBefore(HeadOf(to), slot);
    }

    void Tidy(int index)
    {
        if (slots.Next(HeadOf(index)) != HeadOf(index))
            return;
        classes.Remove(index);
        free.Push(index);
    }

    int HeadOf(int index) => classOf.Length + index;

    /// <summary>Doubly linked rings of numbers; each number begins as a ring of its own.</summary>
    sealed class Ring(int count)
    {
        readonly int[] next = [.. Enumerable.Range(0, count)];
        readonly int[] previous = [.. Enumerable.Range(0, count)];

        public int Next(int node) => next[node];

        public void InsertBefore(int next, int node)
        {
            var previous = this.previous[next];
            (this.previous[node], this.next[node]) = (previous, next);
            (this.next[previous], this.previous[next]) = (node, node);
        }

        public void Remove(int node)
        {
            (next[previous[node]], previous[next[node]]) = (next[node], previous[node]);
            (next[node], previous[node]) = (node, node);
        }
    }
}
