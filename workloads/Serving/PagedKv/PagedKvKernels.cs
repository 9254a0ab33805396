using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;

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
        yield return Invariant.AtMost("attention over blocks equals dense attention over what they hold", Enumerable.Range(0, 1000).Max(_ =>
        {
            var kvHeads = random.Between(1, 3);
            var shape = new AttentionShape(kvHeads * random.Between(1, 4), kvHeads, random.Between(1, 70));
            return AgainstDense(random, shape);
        }), AttentionCheck.Tolerance);
    }

    // Two sequences take blocks in turn, so that neither lies in one piece.
    static double AgainstDense(RandomData random, AttentionShape shape)
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
        var perHead = length * shape.Dim;
        return AttentionCheck.Difference(shape, query, head => keys[(head * perHead)..((head + 1) * perHead)],
            head => values[(head * perHead)..((head + 1) * perHead)], output => cache.Attend(1, query, output));
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
