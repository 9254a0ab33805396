namespace MlPerfEdu.Serving.PagedKv;

/// <summary>Keys and values of many sequences in blocks of one pool (Kwon et al. 2023). A sequence is a table of blocks; a fork shares them, and
/// the one that writes into a shared block first gets its own copy.</summary>
/// <remarks>A block is (kv heads, tokens, dim). Taking, sharing and freeing a block take constant time.</remarks>
public sealed class PagedKvCache(AttentionShape shape, int blockTokens, int blocks)
{
    readonly KvBuffers _buffers = new(shape, Guard.Positive(blockTokens, "tokens of a block"), Guard.Positive(blocks, "blocks"));
    readonly BlockPool _pool = new(blocks);
    readonly Dictionary<long, BlockTable> _tables = [];
    // Tables of sequences that ended, so that the next ones need no new arrays.
    readonly Stack<BlockTable> _spare = new();

    public AttentionShape Shape => shape;
    public int BlockTokens => blockTokens;
    public BlockPool Blocks => _pool;
    public int Sequences => _tables.Count;

    public void Add(long sequence)
    {
        if (_tables.ContainsKey(sequence))
            throw KernelErrors.Taken("sequence", sequence);
        _tables.Add(sequence, NewTable());
    }

    /// <summary>A new sequence with the tokens that another has now; no block is copied.</summary>
    public void Fork(long from, long sequence)
    {
        var source = Table(from);
        Add(sequence);
        var table = Table(sequence);
        foreach (var block in Held(source))
        {
            _pool.Share(block);
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
        var copies = tokens > 0 && table.Length % BlockTokens > 0 && _pool.IsShared(table.Blocks[last]);
        var missing = Math.Max(0, blocks - table.Blocks.Count) + (copies ? 1 : 0);
        if (missing > _pool.Free)
            throw KernelErrors.OutOfRoom("blocks", missing, _pool.Free);
        if (copies)
            OwnBlock(table, last);
        while (table.Blocks.Count < blocks)
            table.Blocks.Add(_pool.Take());
    }

    // key (kv heads, dim); value (kv heads, dim)
    public void Append(long sequence, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        _buffers.Check(key, value);
        var table = Table(sequence);
        var (last, slot) = Math.DivRem(table.Length, BlockTokens);
        if (last == table.Blocks.Count)
            table.Blocks.Add(_pool.Take());
        _buffers.Write(OwnBlock(table, last), slot, key, value);
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
            _pool.Release(table.Blocks[^1]);
            table.Blocks.RemoveAt(table.Blocks.Count - 1);
        }
        table.Length = length;
    }

    public void Free(long sequence)
    {
        Truncate(sequence, 0);
        _tables.Remove(sequence, out var table);
        _spare.Push(table!);
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
                var (from, count) = (_buffers.Start(blocks[index], head), TokensIn(table, index) * dim);
                _buffers.Keys.AsSpan(from, count).CopyTo(keys[to..]);
                _buffers.Values.AsSpan(from, count).CopyTo(values[to..]);
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
                var from = _buffers.Start(blocks[index], head / Shape.Group);
                softmax.Add(ref MemoryMarshal.GetReference(query[(head * dim)..]), ref _buffers.Keys[from], ref _buffers.Values[from],
                    ref MemoryMarshal.GetReference(mixed), TokensIn(table, index), dim, Shape.Scale);
            }
            softmax.Finish(mixed);
        }
    }

    int OwnBlock(BlockTable table, int index)
    {
        var block = table.Blocks[index];
        if (!_pool.IsShared(block))
            return block;
        var own = _pool.TakeCopy();
        _buffers.Copy(block, own);
        _pool.Release(block);
        return table.Blocks[index] = own;
    }

    long BlocksOf(long tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    // Those that were reserved hold nothing yet.
    ReadOnlySpan<int> Held(BlockTable table) => CollectionsMarshal.AsSpan(table.Blocks)[..(int)BlocksOf(table.Length)];

    int TokensIn(BlockTable table, int index) => Math.Min(BlockTokens, table.Length - index * BlockTokens);
    BlockTable NewTable() => _spare.TryPop(out var table) ? table : new();

    BlockTable Table(long sequence) => _tables.TryGetValue(sequence, out var table)
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
    readonly int[] _holders;
    readonly int[] _free;

    internal BlockPool(int blocks)
    {
        _holders = new int[blocks];
        _free = [.. Enumerable.Range(0, blocks).Reverse()];
        Free = blocks;
    }

    public int Total => _free.Length;
    public int Free { get; private set; }
    public int Used => Total - Free;
    public int Peak { get; private set; }
    public long Allocations { get; private set; }
    public long Frees { get; private set; }
    /// <summary>Shared blocks that were copied on write.</summary>
    public long Copies { get; private set; }

    internal bool IsShared(int block) => _holders[block] > 1;
    internal void Share(int block) => _holders[block]++;

    internal int Take()
    {
        if (Free == 0)
            throw KernelErrors.OutOfRoom("blocks", 1, 0);
        var block = _free[--Free];
        _holders[block] = 1;
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
        if (--_holders[block] > 0)
            return;
        _free[Free++] = block;
        Frees++;
    }
}
