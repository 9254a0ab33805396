namespace MlPerfEdu.Serving.Prefixes;

/// <summary>Keys and values of earlier prompts, found by their tokens. A lookup reads each token once, for the same prompt as for the longest
/// stored prefix of a new one.</summary>
public sealed class PrefixPool<T>
{
    const int None = -1;

    readonly Entry[] entries;
    // The first entry of a hash, and from there by Entry.Next.
    readonly int[] buckets;
    // How many entries have a length: a beginning of no such length is not looked for.
    readonly Dictionary<int, int> lengths = [];
    readonly EvictionOrder order;
    int free;

    public PrefixPool(int capacity, Eviction policy = Eviction.LeastRecentlyUsed)
    {
        entries = new Entry[Guard.Positive(capacity, "capacity")];
        for (var slot = 0; slot < capacity; slot++)
            entries[slot] = new() { Next = slot + 1 < capacity ? slot + 1 : None };
        buckets = new int[BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
        Array.Fill(buckets, None);
        order = new(capacity, policy);
    }

    public int Capacity => entries.Length;
    public int Count { get; private set; }
    public long Hits { get; private set; }
    public long Misses { get; private set; }
    public long Evictions { get; private set; }
    /// <summary>Tokens that need no recomputation.</summary>
    public long TokensSaved { get; private set; }

    /// <summary>Stores or replaces the value of a prompt; evicts another when the pool is full.</summary>
    public void Put(ReadOnlySpan<int> tokens, T value)
    {
        Guard.NotEmpty(tokens.Length, "tokens of a prompt");
        var hash = HashOf(tokens);
        var slot = Find(tokens, hash);
        if (slot != None)
        {
            entries[slot].Value = value;
            order.Touch(slot);
            return;
        }
        if (Count == Capacity)
        {
            RemoveAt(order.First);
            Evictions++;
        }
        slot = free;
        ref var entry = ref entries[slot];
        free = entry.Next;
        ref var bucket = ref BucketOf(hash);
        entry = new() { Tokens = tokens.ToArray(), Value = value, Hash = hash, Next = bucket };
        bucket = slot;
        lengths[tokens.Length] = lengths.GetValueOrDefault(tokens.Length) + 1;
        order.Add(slot);
        Count++;
    }

    /// <summary>Looks for exactly this prompt.</summary>
    public bool TryGet(ReadOnlySpan<int> tokens, out T? value)
    {
        Guard.NotEmpty(tokens.Length, "tokens of a prompt");
        return Take(Find(tokens, HashOf(tokens)), out value) > 0;
    }

    /// <summary>Looks for the longest stored prompt that this one begins with.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    public int TryGetLongest(ReadOnlySpan<int> tokens, out T? value)
    {
        Guard.NotEmpty(tokens.Length, "tokens of a prompt");
        var (hash, found) = (Seed, None);
        for (var length = 1; length <= tokens.Length; length++)
        {
            hash = Mix(hash, tokens[length - 1]);
            if (lengths.ContainsKey(length) && Find(tokens[..length], hash) is var slot and not None)
                found = slot;
        }
        return Take(found, out value);
    }

    public bool Remove(ReadOnlySpan<int> tokens)
    {
        var slot = Find(tokens, HashOf(tokens));
        if (slot != None)
            RemoveAt(slot);
        return slot != None;
    }

    int Take(int slot, out T? value)
    {
        if (slot == None)
        {
            Misses++;
            value = default;
            return 0;
        }
        order.Touch(slot);
        var length = entries[slot].Tokens.Length;
        Hits++;
        TokensSaved += length;
        value = entries[slot].Value;
        return length;
    }

    // Equal hashes are not equal prompts: the tokens decide.
    int Find(ReadOnlySpan<int> tokens, ulong hash)
    {
        var slot = BucketOf(hash);
        while (slot != None && !(entries[slot].Hash == hash && tokens.SequenceEqual(entries[slot].Tokens)))
            slot = entries[slot].Next;
        return slot;
    }

    void RemoveAt(int slot)
    {
        ref var entry = ref entries[slot];
        ref var link = ref BucketOf(entry.Hash);
        while (link != slot)
            link = ref entries[link].Next;
        link = entry.Next;
        if (--lengths[entry.Tokens.Length] == 0)
            lengths.Remove(entry.Tokens.Length);
        order.Remove(slot);
        entry = new() { Next = free };
        free = slot;
        Count--;
    }

    ref int BucketOf(ulong hash) => ref buckets[(int)(hash >> 32) & (buckets.Length - 1)];

    const ulong Seed = 0x9E3779B97F4A7C15;

    internal static ulong HashOf(ReadOnlySpan<int> tokens)
    {
        var hash = Seed;
        foreach (var token in tokens)
            hash = Mix(hash, token);
        return hash;
    }

    // The upper half of the product is what spreads well, so it is folded back.
    static ulong Mix(ulong hash, int token)
    {
        hash = (hash ^ (uint)token) * 0xBF58476D1CE4E5B9;
        return hash ^ (hash >> 32);
    }

    struct Entry()
    {
        public int[] Tokens { get; init; } = [];
        public T? Value { get; set; }
        public ulong Hash { get; init; }

        // In a bucket, or among those that are free.
        public int Next;
    }
}

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
