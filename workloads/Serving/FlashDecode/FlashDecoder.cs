namespace MlPerfEdu.Serving.FlashDecode;

/// <summary>Attention of one query over chunks of keys, each attended to alone and then merged (Flash-Decoding, Dao et al. 2023).</summary>
/// <remarks>Chunks are independent, so that many workers can share a long context; here one thread takes them in turn.</remarks>
public sealed class FlashDecoder(AttentionShape shape, int splits)
{
    readonly OnlineSoftmax[] partial = new OnlineSoftmax[Guard.Positive(splits, "splits")];
    // (splits, dim)
    readonly float[] mixed = new float[splits * shape.Dim];

    // query (heads, dim), as output; keys (kv heads, length, dim), as values
    public void Attend(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> output)
    {
        shape.Check(query, output, keys.Length);
        var (dim, length) = (shape.Dim, Guard.Rows(keys, shape.TokenSize, "keys"));
        Guard.Length(values.Length, keys.Length, "values");
        var used = Math.Min(splits, length);
        var chunk = (length + used - 1) / used;
        for (var head = 0; head < shape.Heads; head++)
        {
            var from = head / shape.Group * length * dim;
            AttendToChunks(query[(head * dim)..], keys.Slice(from, length * dim), values.Slice(from, length * dim), chunk);
            Merge((length + chunk - 1) / chunk, output.Slice(head * dim, dim));
        }
    }

    void AttendToChunks(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int chunk)
    {
        var dim = shape.Dim;
        mixed.AsSpan().Clear();
        for (int split = 0, at = 0; at < keys.Length; split++, at += chunk * dim)
        {
            var softmax = new OnlineSoftmax();
            softmax.Add(ref MemoryMarshal.GetReference(query), ref MemoryMarshal.GetReference(keys[at..]),
                ref MemoryMarshal.GetReference(values[at..]), ref mixed[split * dim], Math.Min(chunk, (keys.Length - at) / dim), dim, shape.Scale);
            partial[split] = softmax;
        }
    }

    void Merge(int count, Span<float> output)
    {
        var dim = shape.Dim;
        mixed.AsSpan(0, dim).CopyTo(output);
        var all = partial[0];
        for (var split = 1; split < count; split++)
            all.Merge(partial[split], ref mixed[split * dim], ref MemoryMarshal.GetReference(output), dim);
        all.Finish(output);
    }
}

[Kernels("flash-decode")]
public sealed class FlashDecodeKernels : IKernels
{
    public IEnumerable<Kernel> Kernels() => [Decode("decode-512", 512), Decode("decode-64", 64)];

    static Kernel Decode(string operation, int length)
    {
        var shape = new AttentionShape(heads: 8, kvHeads: 8, dim: 64);
        var random = new RandomData(42);
        var query = random.Normals(shape.QuerySize);
        var keys = new AlignedBuffer<float>(random.Normals(shape.TokenSize * length));
        var values = new AlignedBuffer<float>(random.Normals(shape.TokenSize * length));
        var (decoder, output) = (new FlashDecoder(shape, splits: 8), new float[shape.QuerySize]);
        return new(operation, () => decoder.Attend(query, keys.Span, values.Span, output))
            { Flops = shape.Flops(length), Bytes = shape.Bytes(length) };
    }
}
