namespace MlPerfEdu.Serving.PagedKv;

[Kernels("paged-kv")]
public sealed class PagedKvKernels : IKernels
{
    const int BlockTokens = 16;
    const int Blocks = 256;
    const int LongSequence = 542;

    readonly AttentionShape _shape = new(heads: 8, kvHeads: 2, dim: 64);

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (key, value) = (random.Normals(_shape.TokenSize), random.Normals(_shape.TokenSize));
        var cache = Filled(random, 32);
        yield return new("append", () =>
        {
            if (cache.Length(0) == LongSequence)
                cache.Truncate(0, 32);
            cache.Append(0, key, value);
        }) { Bytes = 4.0 * _shape.TokenSize * sizeof(float) };
        yield return Gather("gather", Filled(random, 32));
        yield return Gather("gather-542", Filled(random, LongSequence));
    }

    public IEnumerable<Invariant> Invariants()
    {
        yield return Invariant.None(
            "does what a dictionary of lists does in 100,000 random operations, without a lost or a wrongly shared block",
            new PagedKvModel(seed: 9).Run(100_000));
        var random = new RandomData(10);
        yield return Invariant.AtMost("attention over blocks equals dense attention over what they hold", AttentionCheck.Tolerance, 1000,
            () => ToDense(random, AttentionCheck.RandomShape(random, 3, 4, 70)));
    }

    // Two sequences take blocks in turn, so that neither lies in one piece.
    static double ToDense(RandomData random, AttentionShape shape)
    {
        var cache = new PagedKvCache(shape, random.Between(1, 20), 400);
        var length = random.Between(1, 150);
        foreach (var sequence in (long[])[1, 2])
            cache.Add(sequence);
        for (var token = 0; token < length; token++)
        {
            cache.Append(2, random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
            cache.Append(1, random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        }
        var (keys, values) = (new float[length * shape.TokenSize], new float[length * shape.TokenSize]);
        cache.Gather(1, keys, values);
        var query = random.Normals(shape.QuerySize);
        return AttentionCheck.Difference(shape, query, keys, values, output => cache.Attend(1, query, output));
    }

    Kernel Gather(string operation, PagedKvCache cache)
    {
        var count = cache.Length(0) * _shape.TokenSize;
        var (keys, values) = (new AlignedBuffer<float>(count), new AlignedBuffer<float>(count));
        return new(operation, () => cache.Gather(0, keys.Span, values.Span)) { Bytes = 4.0 * count * sizeof(float) };
    }

    PagedKvCache Filled(RandomData random, int tokens)
    {
        var cache = new PagedKvCache(_shape, BlockTokens, Blocks);
        cache.Add(0);
        for (var token = 0; token < tokens; token++)
            cache.Append(0, random.Normals(_shape.TokenSize), random.Normals(_shape.TokenSize));
        return cache;
    }
}

/// <summary>Runs operations, invalid ones among them, on the cache and on its model: a dictionary from sequences to lists of tokens.</summary>
sealed class PagedKvModel(int seed)
{
    const int BlockTokens = 4;
    const int Blocks = 60;
    const int Ids = 12;

    readonly RandomData _random = new(seed);
    readonly AttentionShape _shape = new(2, 2, 3);
    readonly Dictionary<long, List<float[]>> _expected = [];
    // Up to which length of a sequence there must be room, and up to which it may have taken blocks.
    readonly Dictionary<long, int> _promised = [];
    readonly Dictionary<long, int> _reach = [];
    readonly PagedKvCache _cache = new(new(2, 2, 3), BlockTokens, Blocks);

    /// <returns>How often the two differed.</returns>
    public int Run(int operations)
    {
        var mistakes = 0;
        for (var operation = 0; operation < operations; operation++)
        {
            Step();
            var sequence = (long)_random.Below(Ids);
            mistakes += Holds(sequence) ? 0 : 1;
        }
        foreach (var sequence in _expected.Keys)
            _cache.Free(sequence);
        return mistakes + _cache.Blocks.Used + _cache.Sequences + (_cache.Blocks.Allocations == _cache.Blocks.Frees ? 0 : 1);
    }

    void Step()
    {
        var (sequence, other) = ((long)_random.Below(Ids), (long)_random.Below(Ids));
        var tokens = _expected.GetValueOrDefault(sequence);
        switch (_random.Below(20))
        {
            case 0:
                if (Done(() => _cache.Add(sequence), tokens is null))
                    Set(sequence, []);
                break;
            case 1:
                if (Done(() => _cache.Fork(sequence, other), tokens is not null && !_expected.ContainsKey(other)))
                {
                    Set(other, [.. tokens!]);
                    // Its last block is shared now, and a copy of it was not promised.
                    _promised[sequence] = 0;
                }
                break;
            case 2:
                if (Done(() => _cache.Free(sequence), tokens is not null))
                    _expected.Remove(sequence);
                break;
            case 3:
                var length = _random.Between(-1, 30);
                if (Done(() => _cache.Truncate(sequence, length), tokens is not null && length >= 0 && length <= tokens.Count))
                    Set(sequence, tokens![..length]);
                break;
            case 4:
                Done(() => _cache.Append(sequence, [1, 2, float.NaN, 4, 5, 6], [1, 2, 3, 4, 5, 6]), false);
                Done(() => _cache.Append(sequence, [1, 2], [1, 2, 3, 4, 5, 6]), false);
                break;
            case 5:
                var count = _random.Between(-1, 12);
                bool? reserved = tokens is not null && count >= 0 ? null : false;
                if (Done(() => _cache.Reserve(sequence, count), reserved, room: (count + BlockTokens - 1) / BlockTokens + 1))
                    _reach[sequence] = _promised[sequence] = Math.Max(_reach[sequence], tokens!.Count + count);
                break;
            default:
                var token = _random.Normals(2 * _shape.TokenSize);
                bool? succeeds = tokens is null ? false : tokens.Count < _promised[sequence] ? true : null;
                if (Done(() => _cache.Append(sequence, token.AsSpan(0, 6), token.AsSpan(6)), succeeds))
                {
                    tokens!.Add(token);
                    _reach[sequence] = Math.Max(_reach[sequence], tokens.Count);
                }
                break;
        }
    }

    void Set(long sequence, List<float[]> tokens)
    {
        _expected[sequence] = tokens;
        (_promised[sequence], _reach[sequence]) = (0, tokens.Count);
    }

    // expected: whether it must succeed; unknown where that depends on free blocks; room: free blocks with which it must
    bool Done(Action operation, bool? expected, int room = 1)
    {
        var (succeeded, used) = (true, _cache.Blocks.Used);
        try
        {
            operation();
        }
        catch (KernelException error)
        {
            succeeded = false;
            if (expected is null && (error.Code != "MLP4003" || Blocks - used >= room))
                throw new InvalidOperationException($"refused with {error.Code} while {used} of {Blocks} blocks were in use", error);
            if (_cache.Blocks.Used != used)
                throw new InvalidOperationException($"refused, and {_cache.Blocks.Used} blocks are in use instead of {used}", error);
        }
        return expected is null || succeeded == expected
            ? succeeded : throw new InvalidOperationException($"succeeded: {succeeded}, expected: {expected}");
    }

    bool Holds(long sequence)
    {
        if (_cache.Sequences != _expected.Count || _cache.Blocks.Used > Most())
            return false;
        if (!_expected.TryGetValue(sequence, out var tokens))
            return true;
        var (keys, values) = (new float[tokens.Count * _shape.TokenSize], new float[tokens.Count * _shape.TokenSize]);
        _cache.Gather(sequence, keys, values);
        return keys.SequenceEqual(ByHead(from: 0)) && values.SequenceEqual(ByHead(from: 6));

        IEnumerable<float> ByHead(int from) =>
            Enumerable.Range(0, 2).SelectMany(head => tokens.SelectMany(token => token.Skip(from + 3 * head).Take(3)));
    }

    // Sharing can only make it fewer.
    int Most() => _expected.Keys.Sum(sequence => (_reach[sequence] + BlockTokens - 1) / BlockTokens);
}
