using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Attention;

namespace MlPerfEdu.Serving.PagedKv;

/// <summary>
/// Keys and values of many sequences in blocks of one pool (Kwon et al. 2023). A sequence is a table of blocks; a fork shares them, and the
/// one that writes into a shared block first gets its own copy.
/// </summary>
/// <remarks>A block is (kv heads, tokens, dim). Taking, sharing and freeing a block take constant time.</remarks>
public sealed class PagedKvCache
{
    readonly BlockPool _pool;
    readonly Dictionary<long, BlockTable> _tables = [];
    // Tables of sequences that ended, so that the next ones need no new arrays.
    readonly Stack<BlockTable> _spare = new();

    public PagedKvCache(AttentionShape shape, int blockTokens, int blocks)
    {
        Shape = shape;
        BlockTokens = Guard.Positive(blockTokens, "tokens of a block");
        _pool = new(Guard.Positive(blocks, "blocks"), shape.TokenSize * blockTokens);
    }

    public AttentionShape Shape { get; }

    public int BlockTokens { get; }

    public IBlockStatistics Blocks => _pool;

    public int Sequences => _tables.Count;

    public void Add(long sequence)
    {
        if (_tables.ContainsKey(sequence))
            throw ServingErrors.Taken("sequence", sequence);
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
            table.Add(block);
        }
        table.Length = source.Length;
    }

    public int Length(long sequence) => Table(sequence).Length;

    /// <summary>
    /// Takes the blocks of so many more tokens, all or none: unless the sequence is forked meanwhile, they will not want for room.
    /// <see cref="Truncate"/> gives back what they did not need.
    /// </summary>
    public void Reserve(long sequence, int tokens)
    {
        if (tokens < 0)
            throw ServingErrors.OutOfRange("tokens to reserve", tokens, "0 or more");
        var table = Table(sequence);
        var (last, blocks) = (table.Length / BlockTokens, BlocksOf((long)table.Length + tokens));
        var copies = tokens > 0 && table.Length % BlockTokens > 0 && _pool.IsShared(table.Blocks[last]);
        var missing = Math.Max(0, blocks - table.Blocks.Length) + (copies ? 1 : 0);
        if (missing > _pool.Free)
            throw ServingErrors.OutOfRoom("blocks", missing, _pool.Free);
        if (copies)
            OwnBlock(table, last);
        while (table.Blocks.Length < blocks)
            table.Add(_pool.Take());
    }

    /// <param name="key">(kv heads, dim)</param>
    /// <param name="value">(kv heads, dim)</param>
    public void Append(long sequence, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        Guard.Length(key.Length, Shape.TokenSize, "keys of a token");
        Guard.Length(value.Length, Shape.TokenSize, "values of a token");
        Guard.Finite(key, "keys of a token");
        Guard.Finite(value, "values of a token");
        var table = Table(sequence);
        var (last, slot) = Math.DivRem(table.Length, BlockTokens);
        if (last == table.Blocks.Length)
            table.Add(_pool.Take());
        var start = _pool.Start(OwnBlock(table, last));
        var dim = Shape.Dim;
        for (var head = 0; head < Shape.KvHeads; head++)
        {
            var at = start + (head * BlockTokens + slot) * dim;
            key.Slice(head * dim, dim).CopyTo(_pool.Keys.AsSpan(at));
            value.Slice(head * dim, dim).CopyTo(_pool.Values.AsSpan(at));
        }
        table.Length++;
    }

    /// <summary>Forgets the last tokens, and frees the blocks that held nothing else or nothing yet.</summary>
    public void Truncate(long sequence, int length)
    {
        var table = Table(sequence);
        if (length < 0 || length > table.Length)
            throw ServingErrors.OutOfRange("length", length, $"0 to {table.Length}");
        var needed = BlocksOf(length);
        while (table.Blocks.Length > needed)
            _pool.Release(table.RemoveLast());
        table.Length = length;
    }

    public void Free(long sequence)
    {
        Truncate(sequence, 0);
        _tables.Remove(sequence, out var table);
        _spare.Push(table!);
    }

    /// <summary>Copies all tokens of a sequence out of their blocks: (kv heads, length, dim) each.</summary>
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
                var from = _pool.Start(blocks[index]) + head * BlockTokens * dim;
                var count = TokensIn(table, index) * dim;
                _pool.Keys.AsSpan(from, count).CopyTo(keys[to..]);
                _pool.Values.AsSpan(from, count).CopyTo(values[to..]);
                to += count;
            }
        }
    }

    /// <summary>Attention over all tokens of a sequence, where they lie.</summary>
    /// <param name="query">(heads, dim)</param>
    /// <param name="output">(heads, dim)</param>
    public void Attend(long sequence, ReadOnlySpan<float> query, Span<float> output)
    {
        var table = Table(sequence);
        Guard.Length(query.Length, Shape.QuerySize, "a query");
        Guard.Length(output.Length, Shape.QuerySize, "the output");
        Guard.NotEmpty(table.Length, "tokens in the sequence");
        Guard.Finite(query, "a query");
        output.Clear();
        var blocks = Held(table);
        var dim = Shape.Dim;
        for (var head = 0; head < Shape.Heads; head++)
        {
            var mixed = output.Slice(head * dim, dim);
            var softmax = new OnlineSoftmax();
            for (var index = 0; index < blocks.Length; index++)
            {
                var from = _pool.Start(blocks[index]) + head / Shape.Group * BlockTokens * dim;
                softmax.Add(ref MemoryMarshal.GetReference(query[(head * dim)..]), ref _pool.Keys[from], ref _pool.Values[from],
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
        var own = _pool.Copy(block);
        _pool.Release(block);
        table.Replace(index, own);
        return own;
    }

    long BlocksOf(long tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    // Those that were reserved hold nothing yet.
    ReadOnlySpan<int> Held(BlockTable table) => table.Blocks[..(int)BlocksOf(table.Length)];

    int TokensIn(BlockTable table, int index) => Math.Min(BlockTokens, table.Length - index * BlockTokens);

    BlockTable NewTable() => _spare.TryPop(out var table) ? table : new();

    BlockTable Table(long sequence) => _tables.TryGetValue(sequence, out var table)
        ? table : throw ServingErrors.UnknownId("sequence", sequence, "one that was added and not freed");
}
