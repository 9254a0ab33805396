namespace MlPerfEdu.Serving.Attention;

/// <summary>Heads of a query and of a cache; a cache with fewer heads serves groups of query heads (Ainslie et al. 2023).</summary>
public sealed record AttentionShape
{
    public AttentionShape(int heads, int kvHeads, int dim)
    {
        (Heads, KvHeads) = (Guard.Positive(heads, "query heads"), Guard.Positive(kvHeads, "kv heads"));
        Dim = Guard.Positive(dim, "head dim");
        if (heads % kvHeads != 0)
            throw KernelErrors.OutOfRange("query heads", heads, $"a multiple of the {kvHeads} kv heads");
    }

    public int Heads { get; }
    public int KvHeads { get; }
    public int Dim { get; }
    /// <summary>Query heads that read the same keys.</summary>
    public int Group => Heads / KvHeads;
    public int QuerySize => Heads * Dim;
    /// <summary>Floats of one token's keys, and as many of its values.</summary>
    public int TokenSize => KvHeads * Dim;
    public float Scale => 1 / MathF.Sqrt(Dim);

    /// <summary>FLOP of one query over so many keys: scores and mixing, two per multiply-add.</summary>
    public double Flops(int length) => 4.0 * Heads * Dim * length;

    /// <summary>Bytes of one query over so many keys, each read once.</summary>
    public double Bytes(int length) => sizeof(float) * (2.0 * TokenSize * length + 2 * QuerySize);

    internal void Check(ReadOnlySpan<float> query, Span<float> output, int count)
    {
        Guard.Length(query.Length, QuerySize, "a query");
        Guard.Length(output.Length, QuerySize, "the output");
        Guard.NotEmpty(count, "tokens to attend to");
        Guard.Finite(query, "a query");
    }
}

/// <summary>Keys and values of tokens in two buffers of (blocks, kv heads, slots, dim).</summary>
sealed class KvBuffers(AttentionShape shape, int slots, int blocks = 1)
{
    public AlignedBuffer<float> Keys { get; } = new(checked(blocks * slots * shape.TokenSize));
    public AlignedBuffer<float> Values { get; } = new(checked(blocks * slots * shape.TokenSize));

    /// <summary>Where a slot of a head begins in both.</summary>
    public int Start(int block, int head, int slot = 0) => ((block * shape.KvHeads + head) * slots + slot) * shape.Dim;

    /// <param name="key">(kv heads, dim), as value</param>
    public void Check(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        Guard.Length(key.Length, shape.TokenSize, "keys of a token");
        Guard.Length(value.Length, shape.TokenSize, "values of a token");
        Guard.Finite(key, "keys of a token");
        Guard.Finite(value, "values of a token");
    }

    public void Write(int block, int slot, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        for (var head = 0; head < shape.KvHeads; head++)
        {
            var to = Start(block, head, slot);
            key.Slice(head * shape.Dim, shape.Dim).CopyTo(Keys.AsSpan(to));
            value.Slice(head * shape.Dim, shape.Dim).CopyTo(Values.AsSpan(to));
        }
    }

    public void Copy(int from, int to)
    {
        var size = slots * shape.TokenSize;
        Keys.AsSpan(from * size, size).CopyTo(Keys.AsSpan(to * size));
        Values.AsSpan(from * size, size).CopyTo(Values.AsSpan(to * size));
    }
}
