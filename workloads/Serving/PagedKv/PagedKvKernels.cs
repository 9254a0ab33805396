namespace MlPerfEdu.Serving.PagedKv;

[Kernels("paged-kv")]
public sealed class PagedKvKernels : IKernels
{
    const int BlockTokens = 16;
    const int Blocks = 256;
    const int LongSequence = 542;

    readonly AttentionShape shape = new(heads: 8, kvHeads: 2, dim: 64);

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (key, value) = (random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        var cache = Filled(random, 32);
        yield return new("append", () =>
        {
            if (cache.Length(0) == LongSequence)
                cache.Truncate(0, 32);
            cache.Append(0, key, value);
        }) { Bytes = 4.0 * shape.TokenSize * sizeof(float) };
        yield return Gather("gather", Filled(random, 32));
        yield return Gather("gather-542", Filled(random, LongSequence));
    }

    Kernel Gather(string operation, PagedKvCache cache)
    {
        var count = cache.Length(0) * shape.TokenSize;
        var (keys, values) = (new AlignedBuffer<float>(count), new AlignedBuffer<float>(count));
        return new(operation, () => cache.Gather(0, keys.Span, values.Span)) { Bytes = 4.0 * count * sizeof(float) };
    }

    PagedKvCache Filled(RandomData random, int tokens)
    {
        var cache = new PagedKvCache(shape, BlockTokens, Blocks);
        cache.Add(0);
        for (var token = 0; token < tokens; token++)
            cache.Append(0, random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        return cache;
    }
}
