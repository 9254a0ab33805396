namespace MlPerfEdu.Serving.Attention;

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
