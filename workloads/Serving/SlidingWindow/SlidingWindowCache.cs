namespace MlPerfEdu.Serving.SlidingWindow;

/// <summary>The last tokens of a sequence in a ring (kv heads, window, dim): the newest replaces the oldest.</summary>
/// <remarks>Attention does not depend on the order of the keys, so it reads the ring as it lies; only the copies are in order of time.</remarks>
public sealed class SlidingWindowCache(AttentionShape shape, int window)
{
    readonly KvBuffers ring = new(shape, Guard.Positive(window, "window"));
    int next;

    public AttentionShape Shape => shape;
    public int Window => window;
    /// <summary>Tokens appended, including the evicted ones.</summary>
    public long Length { get; private set; }
    public int Used => (int)Math.Min(Length, window);
    public long Evicted => Length - Used;

    /// <param name="key">(kv heads, dim), as value</param>
    public void Append(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        ring.Check(key, value);
        ring.Write(0, next, key, value);
        next = next + 1 == window ? 0 : next + 1;
        Length++;
    }

    /// <param name="query">(heads, dim), as output</param>
    public void Attend(ReadOnlySpan<float> query, Span<float> output) => GroupedAttention.Attend(shape, query, ring, Used, output);

    /// <summary>Keys of a kv head, oldest first: (used, dim).</summary>
    public void CopyKeys(int kvHead, Span<float> output) => CopyInOrder(ring.Keys, kvHead, output);

    /// <summary>Values of a kv head, oldest first: (used, dim).</summary>
    public void CopyValues(int kvHead, Span<float> output) => CopyInOrder(ring.Values, kvHead, output);

    void CopyInOrder(AlignedBuffer<float> ring, int kvHead, Span<float> output)
    {
        if (kvHead < 0 || kvHead >= shape.KvHeads)
            throw KernelErrors.OutOfRange("kv head", kvHead, $"0 to {shape.KvHeads - 1}");
        Guard.Length(output.Length, Used * shape.Dim, "the output");
        var whole = ring.AsSpan(this.ring.Start(0, kvHead), Used * shape.Dim);
        var oldest = (Length > window ? next : 0) * shape.Dim;
        whole[oldest..].CopyTo(output);
        whole[..oldest].CopyTo(output[(whole.Length - oldest)..]);
    }
}

[Kernels("sliding-window")]
public sealed class SlidingWindowKernels : IKernels
{
    const int Window = 128;

    readonly AttentionShape shape = new(heads: 8, kvHeads: 2, dim: 64);

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (key, value) = (random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        var (query, output) = (random.Normals(shape.QuerySize), new float[shape.QuerySize]);
        var (appended, read) = (Filled(random, shape, Window, Window), Filled(random, shape, Window, Window + 5));
        return
        [
            new("append", () => appended.Append(key, value)) { Bytes = 4.0 * shape.TokenSize * sizeof(float) },
            new("attend", () => read.Attend(query, output)) { Flops = shape.Flops(Window), Bytes = shape.Bytes(Window) },
        ];
    }

    internal static SlidingWindowCache Filled(RandomData random, AttentionShape shape, int window, int tokens)
    {
        var cache = new SlidingWindowCache(shape, window);
        for (var token = 0; token < tokens; token++)
            cache.Append(random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        return cache;
    }
}
