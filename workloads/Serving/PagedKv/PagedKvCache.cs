namespace MlPerfEdu.Serving.PagedKv;

/// <summary>Keys and values of many sequences in blocks of one pool (Kwon et al. 2023). A sequence is a table of blocks; a fork shares them, and
/// the one that writes into a shared block first gets its own copy.</summary>
/// <remarks>A block is (kv heads, tokens, dim). Taking, sharing and freeing a block take constant time.</remarks>
public sealed class PagedKvCache(AttentionShape shape, int blockTokens, int blocks)
{
    readonly KvBuffers buffers = new(shape, Guard.Positive(blockTokens, "tokens of a block"), Guard.Positive(blocks, "blocks"));
    readonly BlockPool pool = new(blocks);
    readonly Dictionary<long, BlockTable> tables = [];
    // Tables of sequences that ended, so that the next ones need no new arrays.
    readonly Stack<BlockTable> spare = new();

    public AttentionShape Shape => shape;
    public int BlockTokens => blockTokens;
    public BlockPool Blocks => pool;
    public int Sequences => tables.Count;

    public void Add(long sequence)
    {
        if (tables.ContainsKey(sequence))
            throw KernelErrors.Taken("sequence", sequence);
        tables.Add(sequence, NewTable());
    }

    /// <summary>A new sequence with the tokens that another has now; no block is copied.</summary>
    public void Fork(long from, long sequence)
    {
        var source = Table(from);
        Add(sequence);
        var table = Table(sequence);
        foreach (var block in Held(source))
        {
            pool.Share(block);
            table.Blocks.Add(block);
        }
        table.Length = source.Length;
    }

    public int Length(long sequence) => Table(sequence).Length;

    /// <summary>Takes the blocks of so many more tokens, all or none: unless the sequence is forked meanwhile, appending them cannot fail.
    /// <see cref="Truncate"/> gives back what they did not need.</summary>
    public void Reserve(long sequence, int tokens)
    {
        if (tokens < 0)
            throw KernelErrors.OutOfRange("tokens to reserve", tokens, "0 or more");
        var table = Table(sequence);
        var (last, blocks) = (table.Length / BlockTokens, BlocksOf((long)table.Length + tokens));
        var copies = tokens > 0 && table.Length % BlockTokens > 0 && pool.IsShared(table.Blocks[last]);
        var missing = Math.Max(0, blocks - table.Blocks.Count) + (copies ? 1 : 0);
        if (missing > pool.Free)
            throw KernelErrors.OutOfRoom("blocks", missing, pool.Free);
        if (copies)
            OwnBlock(table, last);
        while (table.Blocks.Count < blocks)
            table.Blocks.Add(pool.Take());
    }

    // key (kv heads, dim); value (kv heads, dim)
    public void Append(long sequence, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        buffers.Check(key, value);
        var table = Table(sequence);
        var (last, slot) = Math.DivRem(table.Length, BlockTokens);
        if (last == table.Blocks.Count)
            table.Blocks.Add(pool.Take());
        buffers.Write(OwnBlock(table, last), slot, key, value);
        table.Length++;
    }

    /// <summary>Drops the last tokens, and frees blocks that are no longer used.</summary>
    public void Truncate(long sequence, int length)
    {
        var table = Table(sequence);
        if (length < 0 || length > table.Length)
            throw KernelErrors.OutOfRange("length", length, $"0 to {table.Length}");
        var needed = BlocksOf(length);
        while (table.Blocks.Count > needed)
        {
            pool.Release(table.Blocks[^1]);
            table.Blocks.RemoveAt(table.Blocks.Count - 1);
        }
        table.Length = length;
    }

    public void Free(long sequence)
    {
        Truncate(sequence, 0);
        tables.Remove(sequence, out var table);
        spare.Push(table!);
    }

    /// <summary>Copies all tokens of a sequence out of their blocks, to (kv heads, length, dim) each.</summary>
    public void Gather(long sequence, Span<float> keys, Span<float> values)
    {
        var table = Table(sequence);
        Guard.Length(keys.Length, table.Length * Shape.TokenSize, "the keys' output");
        Guard.Length(values.Length, table.Length * Shape.TokenSize, "the values' output");
        var blocks = Held(table);
        var dim = Shape.Dim;
        for (var head = 0; head < Shape.KvHeads; head++)
        {
            var to = head * table.Length * dim;
            for (var index = 0; index < blocks.Length; index++)
            {
                var (from, count) = (buffers.Start(blocks[index], head), TokensIn(table, index) * dim);
                buffers.Keys.AsSpan(from, count).CopyTo(keys[to..]);
                buffers.Values.AsSpan(from, count).CopyTo(values[to..]);
                to += count;
            }
        }
    }

    /// <summary>Attention over all tokens of a sequence, in place.</summary>
    // query (heads, dim); output (heads, dim)
    public void Attend(long sequence, ReadOnlySpan<float> query, Span<float> output)
    {
        var table = Table(sequence);
        Shape.Check(query, output, table.Length);
        output.Clear();
        var blocks = Held(table);
        var dim = Shape.Dim;
        for (var head = 0; head < Shape.Heads; head++)
        {
            var mixed = output.Slice(head * dim, dim);
            var softmax = new OnlineSoftmax();
            for (var index = 0; index < blocks.Length; index++)
            {
                var from = buffers.Start(blocks[index], head / Shape.Group);
                softmax.Add(ref MemoryMarshal.GetReference(query[(head * dim)..]), ref buffers.Keys[from], ref buffers.Values[from],
                    ref MemoryMarshal.GetReference(mixed), TokensIn(table, index), dim, Shape.Scale);
            }
            softmax.Finish(mixed);
        }
    }

    int OwnBlock(BlockTable table, int index)
    {
        var block = table.Blocks[index];
        if (!pool.IsShared(block))
            return block;
        var own = pool.TakeCopy();
        buffers.Copy(block, own);
        pool.Release(block);
        return table.Blocks[index] = own;
    }

    long BlocksOf(long tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    // Those that were reserved hold nothing yet.
    ReadOnlySpan<int> Held(BlockTable table) => CollectionsMarshal.AsSpan(table.Blocks)[..(int)BlocksOf(table.Length)];

    int TokensIn(BlockTable table, int index) => Math.Min(BlockTokens, table.Length - index * BlockTokens);
    BlockTable NewTable() => spare.TryPop(out var table) ? table : new();

    BlockTable Table(long sequence) => tables.TryGetValue(sequence, out var table)
        ? table : throw KernelErrors.UnknownId("sequence", sequence, "one that was added and not freed");
}

/// <summary>The blocks of one sequence in the order of its tokens; behind them may be some reserved for tokens to come.</summary>
sealed class BlockTable
{
    public List<int> Blocks { get; } = [];
    public int Length { get; set; }
}

/// <summary>Numbers of blocks, each with a count of the sequences that hold it, and a stack of the free ones.</summary>
public sealed class BlockPool
{
    readonly int[] holders;
    readonly int[] free;

    internal BlockPool(int blocks)
    {
        holders = new int[blocks];
        free = [.. Enumerable.Range(0, blocks).Reverse()];
        Free = blocks;
    }

    public int Total => free.Length;
    public int Free { get; private set; }
    public int Used => Total - Free;
    public int Peak { get; private set; }
    public long Allocations { get; private set; }
    public long Frees { get; private set; }
    /// <summary>Shared blocks that were copied on write.</summary>
    public long Copies { get; private set; }

    internal bool IsShared(int block) => holders[block] > 1;
    internal void Share(int block) => holders[block]++;

    internal int Take()
    {
        if (Free == 0)
            throw KernelErrors.OutOfRoom("blocks", 1, 0);
        var block = free[--Free];
        holders[block] = 1;
        Allocations++;
        Peak = Math.Max(Peak, Used);
        return block;
    }

    internal int TakeCopy()
    {
        var copy = Take();
        Copies++;
        return copy;
    }

    /// <summary>One holder less; the block is free when it was the last.</summary>
    internal void Release(int block)
    {
        if (--holders[block] > 0)
            return;
        free[Free++] = block;
        Frees++;
    }
}
