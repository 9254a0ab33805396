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

    internal static GqaCache Filled(RandomData random, AttentionShape shape, int length)
    {
        var cache = new GqaCache(shape, length + 8);
        for (var token = 0; token < length; token++)
            cache.Append(random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        return cache;
    }
}
