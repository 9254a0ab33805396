using MlPerfEdu.Serving.PagedKv;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("paged-kv")]
sealed class PagedKvInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        yield return KernelInvariant.None(
            "does what a dictionary of lists does in 100,000 random operations, without a lost or a wrongly shared block",
            new PagedKvModel(seed: 9).Run(100_000));
        var random = new RandomData(10);
        yield return KernelInvariant.AtMost("attention over blocks equals dense attention over what they hold", AttentionCheck.Tolerance, 1000,
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
}

/// <summary>Runs operations, invalid ones among them, on the cache and on its model: a dictionary from sequences to lists of tokens.</summary>
sealed class PagedKvModel(int seed)
{
    const int BlockTokens = 4;
    const int Blocks = 60;
    const int Ids = 12;

    readonly RandomData random = new(seed);
    readonly AttentionShape shape = new(2, 2, 3);
    readonly Dictionary<long, List<float[]>> expected = [];
    // Up to which length of a sequence there must be room, and up to which it may have taken blocks.
    readonly Dictionary<long, int> promised = [];
    readonly Dictionary<long, int> reach = [];
    readonly PagedKvCache cache = new(new(2, 2, 3), BlockTokens, Blocks);

    /// <returns>How often the two differed.</returns>
    public int Run(int operations)
    {
        var mistakes = 0;
        for (var operation = 0; operation < operations; operation++)
        {
            Step();
            var sequence = (long)random.Below(Ids);
            mistakes += Holds(sequence) ? 0 : 1;
        }
        foreach (var sequence in expected.Keys)
            cache.Free(sequence);
        return mistakes + cache.Blocks.Used + cache.Sequences + (cache.Blocks.Allocations == cache.Blocks.Frees ? 0 : 1);
    }

    void Step()
    {
        var (sequence, other) = ((long)random.Below(Ids), (long)random.Below(Ids));
        var tokens = expected.GetValueOrDefault(sequence);
        switch (random.Below(20))
        {
            case 0:
                if (Done(() => cache.Add(sequence), tokens is null))
                    Set(sequence, []);
                break;
            case 1:
                if (Done(() => cache.Fork(sequence, other), tokens is not null && !expected.ContainsKey(other)))
                {
                    Set(other, [.. tokens!]);
                    // Its last block is shared now, and a copy of it was not promised.
                    promised[sequence] = 0;
                }
                break;
            case 2:
                if (Done(() => cache.Free(sequence), tokens is not null))
                    expected.Remove(sequence);
                break;
            case 3:
                var length = random.Between(-1, 30);
                if (Done(() => cache.Truncate(sequence, length), tokens is not null && length >= 0 && length <= tokens.Count))
                    Set(sequence, tokens![..length]);
                break;
            case 4:
                Done(() => cache.Append(sequence, [1, 2, float.NaN, 4, 5, 6], [1, 2, 3, 4, 5, 6]), false);
                Done(() => cache.Append(sequence, [1, 2], [1, 2, 3, 4, 5, 6]), false);
                break;
            case 5:
                var count = random.Between(-1, 12);
                bool? reserved = tokens is not null && count >= 0 ? null : false;
                if (Done(() => cache.Reserve(sequence, count), reserved, room: (count + BlockTokens - 1) / BlockTokens + 1))
                    reach[sequence] = promised[sequence] = Math.Max(reach[sequence], tokens!.Count + count);
                break;
            default:
                var token = random.Normals(2 * shape.TokenSize);
                bool? succeeds = tokens is null ? false : tokens.Count < promised[sequence] ? true : null;
                if (Done(() => cache.Append(sequence, token.AsSpan(0, 6), token.AsSpan(6)), succeeds))
                {
                    tokens!.Add(token);
                    reach[sequence] = Math.Max(reach[sequence], tokens.Count);
                }
                break;
        }
    }

    void Set(long sequence, List<float[]> tokens)
    {
        expected[sequence] = tokens;
        (promised[sequence], reach[sequence]) = (0, tokens.Count);
    }

    // expected: whether it must succeed; unknown where that depends on free blocks; room: free blocks with which it must
    bool Done(Action operation, bool? expected, int room = 1)
    {
        var (succeeded, used) = (true, cache.Blocks.Used);
        try
        {
            operation();
        }
        catch (KernelException error)
        {
            succeeded = false;
            if (expected is null && (error.Code != "MLP4003" || Blocks - used >= room))
                throw new InvalidOperationException($"refused with {error.Code} while {used} of {Blocks} blocks were in use", error);
            if (cache.Blocks.Used != used)
                throw new InvalidOperationException($"refused, and {cache.Blocks.Used} blocks are in use instead of {used}", error);
        }
        return expected is null || succeeded == expected
            ? succeeded : throw new InvalidOperationException($"succeeded: {succeeded}, expected: {expected}");
    }

    bool Holds(long sequence)
    {
        if (cache.Sequences != expected.Count || cache.Blocks.Used > Most())
            return false;
        if (!expected.TryGetValue(sequence, out var tokens))
            return true;
        var (keys, values) = (new float[tokens.Count * shape.TokenSize], new float[tokens.Count * shape.TokenSize]);
        cache.Gather(sequence, keys, values);
        return keys.SequenceEqual(ByHead(from: 0)) && values.SequenceEqual(ByHead(from: 6));

        IEnumerable<float> ByHead(int from) =>
            Enumerable.Range(0, 2).SelectMany(head => tokens.SelectMany(token => token.Skip(from + 3 * head).Take(3)));
    }

    // Sharing can only make it fewer.
    int Most() => expected.Keys.Sum(sequence => (reach[sequence] + BlockTokens - 1) / BlockTokens);
}
