namespace MlPerfEdu.Serving.Gqa;

/// <summary>Keys and values of one sequence, (kv heads, capacity, dim) each, and attention of a query over all of them.</summary>
public sealed class GqaCache(AttentionShape shape, int capacity)
{
    readonly KvBuffers buffers = new(shape, Guard.Positive(capacity, "capacity"));

    public AttentionShape Shape => shape;
    public int Capacity => capacity;
    public int Length { get; private set; }
    public ReadOnlySpan<float> Keys(int kvHead) => buffers.Keys.AsSpan(buffers.Start(0, kvHead), Length * shape.Dim);
    public ReadOnlySpan<float> Values(int kvHead) => buffers.Values.AsSpan(buffers.Start(0, kvHead), Length * shape.Dim);

    /// <param name="key">(kv heads, dim), as value</param>
    public void Append(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        buffers.Check(key, value);
        if (Length == capacity)
            throw KernelErrors.OutOfRoom("tokens of the cache", 1, 0);
        buffers.Write(0, Length++, key, value);
    }

    public void Truncate(int length) => Length = length >= 0 && length <= Length
        ? length : throw KernelErrors.OutOfRange("length", length, $"0 to {Length}");

    /// <param name="query">(heads, dim), as output</param>
    public void Attend(ReadOnlySpan<float> query, Span<float> output) => GroupedAttention.Attend(shape, query, buffers, Length, output);
}

[Kernels("gqa")]
public sealed class GqaKernels : IKernels
{
    readonly AttentionShape shape = new(heads: 8, kvHeads: 2, dim: 64);

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (key, value) = (random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        var growing = new GqaCache(shape, 512);
        yield return new("append", () =>
        {
            if (growing.Length == growing.Capacity)
                growing.Truncate(0);
            growing.Append(key, value);
        }) { Bytes = 4.0 * shape.TokenSize * sizeof(float) };

        var cache = Filled(random, shape, 32);
        var (query, output) = (random.Normals(shape.QuerySize), new float[shape.QuerySize]);
        yield return new("attend", () => cache.Attend(query, output)) { Flops = shape.Flops(32), Bytes = shape.Bytes(32) };
    }

    public IEnumerable<KernelInvariant> Invariants()
    {
        yield return ToDense("equals dense attention for any number of groups and tokens", random => AttentionCheck.RandomShape(random, 4, 4, 80));
        yield return ToDense("one kv head per query head is ordinary attention", random =>
        {
            var heads = random.Between(1, 8);
            return new(heads, heads, 16 * random.Between(1, 4));
        });
        yield return ToDense("one kv head for all is multi-query attention", random => new(random.Between(2, 8), 1, 32));
        yield return KernelInvariant.None("holds what a list of tokens holds, under 100,000 random operations", Differing(new(29)));
    }

    static int Differing(RandomData random)
    {
        const int capacity = 10;
        var (cache, model, differing) = (new GqaCache(new(4, 2, 3), capacity), new List<float[]>(), 0);
        for (var operation = 0; operation < 100_000; operation++)
        {
            if (model.Count == capacity || random.Below(5) == 0)
            {
                var length = random.Between(0, model.Count);
                cache.Truncate(length);
                model.RemoveRange(length, model.Count - length);
            }
            else
            {
                model.Add(random.Normals(2 * cache.Shape.TokenSize));
                cache.Append(model[^1].AsSpan(..6), model[^1].AsSpan(6..));
            }
            for (var head = 0; head < cache.Shape.KvHeads; head++)
            {
                differing += cache.Keys(head).SequenceEqual([.. model.SelectMany(token => token[(3 * head)..(3 * head + 3)])])
                    && cache.Values(head).SequenceEqual([.. model.SelectMany(token => token[(6 + 3 * head)..(9 + 3 * head)])]) ? 0 : 1;
            }
        }
        return differing;
    }

    static KernelInvariant ToDense(string statement, Func<RandomData, AttentionShape> shapes)
    {
        var random = new RandomData(5);
        return KernelInvariant.AtMost(statement, AttentionCheck.Tolerance, 1000, () =>
        {
            var shape = shapes(random);
            var cache = Filled(random, shape, random.Between(1, 150));
            var query = random.Normals(shape.QuerySize);
            return AttentionCheck.Difference(shape, query, AttentionCheck.AllHeads(shape, head => cache.Keys(head).ToArray()),
                AttentionCheck.AllHeads(shape, head => cache.Values(head).ToArray()), output => cache.Attend(query, output));
        });
    }

    static GqaCache Filled(RandomData random, AttentionShape shape, int length)
    {
        var cache = new GqaCache(shape, length + 8);
        for (var token = 0; token < length; token++)
            cache.Append(random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        return cache;
    }
}
