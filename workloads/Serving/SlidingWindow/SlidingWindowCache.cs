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

    public IEnumerable<KernelInvariant> Invariants()
    {
        var random = new RandomData(7);
        yield return KernelInvariant.AtMost("equals dense attention over the last tokens, for any window and length", AttentionCheck.Tolerance, 1000, () =>
        {
            var shape = AttentionCheck.RandomShape(random, 3, 4, 70);
            var cache = Filled(random, shape, random.Between(1, 90), random.Between(1, 250));
            var query = random.Normals(shape.QuerySize);
            return AttentionCheck.Difference(shape, query, AttentionCheck.AllHeads(shape, Copied(cache, cache.CopyKeys)),
                AttentionCheck.AllHeads(shape, Copied(cache, cache.CopyValues)), output => cache.Attend(query, output));
        });
        var twelve = Filled(random, this.shape, 8, 12);
        yield return KernelInvariant.None("twelve tokens in a window of eight: eight used, four evicted",
            (twelve.Used == 8 ? 0 : 1) + (twelve.Evicted == 4 ? 0 : 1) + (twelve.Length == 12 ? 0 : 1));
        yield return KernelInvariant.True("keys and values come back oldest first", 100, () => IsInOrder(random));
    }

    // Each key holds the number of its token, each value twice that number.
    static bool IsInOrder(RandomData random)
    {
        var (window, total) = (random.Between(1, 20), random.Between(1, 60));
        var cache = new SlidingWindowCache(new(2, 2, 1), window);
        for (var token = 0; token < total; token++)
            cache.Append([token, token], [2 * token, 2 * token]);
        var expected = Enumerable.Range(0, total).TakeLast(window).Select(token => (float)token).ToList();
        return Copied(cache, cache.CopyKeys)(1).SequenceEqual(expected)
            && Copied(cache, cache.CopyValues)(1).SequenceEqual(expected.Select(token => 2 * token));
    }

    delegate void Copy(int kvHead, Span<float> output);

    static Func<int, float[]> Copied(SlidingWindowCache cache, Copy copy) => head =>
    {
        var tokens = new float[cache.Used * cache.Shape.Dim];
        copy(head, tokens);
        return tokens;
    };

    static SlidingWindowCache Filled(RandomData random, AttentionShape shape, int window, int tokens)
    {
        var cache = new SlidingWindowCache(shape, window);
        for (var token = 0; token < tokens; token++)
            cache.Append(random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        return cache;
    }
}
