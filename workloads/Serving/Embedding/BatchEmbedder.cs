namespace MlPerfEdu.Serving.Embedding;

/// <summary>Weighted: by the softmax of the product with a query.</summary>
public enum Pooling { Mean, Max, First, Weighted }

/// <summary>Pools the token states of each text into one vector of length 1, for a batch of texts of different lengths.</summary>
public sealed class BatchEmbedder
{
    const float ShortestLength = 1e-12f;

    readonly float[] query;
    readonly float inverse;
    Scratch<float> weights = new();

    /// <param name="query">(width): for <see cref="Pooling.Weighted"/>.</param>
    public BatchEmbedder(ReadOnlySpan<float> query, float temperature = 1)
    {
        Guard.NotEmpty(query.Length, "values of the query");
        Guard.Finite(query, "the query");
        Guard.Range(temperature > 0 && float.IsFinite(temperature), "a temperature of", temperature, "above 0");
        (this.query, inverse) = (query.ToArray(), 1 / temperature);
    }

    public int Width => query.Length;

    // states (texts, tokens, width); mask (texts, tokens): false for padding, which is never read; embeddings (texts, width)
    public void Pool(Pooling pooling, ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, int texts, Span<float> embeddings)
    {
        Guard.Positive(texts, "texts");
        Guard.NotEmpty(mask.Length, "tokens");
        var tokens = mask.Length / texts;
        Guard.Length(mask.Length, texts * tokens, "the mask");
        Guard.Length(states.Length, mask.Length * Width, "the states");
        Guard.Length(embeddings.Length, texts * Width, "the embeddings");
        for (var text = 0; text < texts; text++)
        {
            if (!mask.Slice(text * tokens, tokens).Contains(true))
                throw KernelErrors.Empty($"tokens of text {text} that are not masked");
        }
        for (var text = 0; text < texts; text++)
        {
            var pooled = embeddings.Slice(text * Width, Width);
            Pool(pooling, states.Slice(text * tokens * Width, tokens * Width), mask.Slice(text * tokens, tokens), pooled);
            Normalise(pooled, text);
        }
    }

    void Pool(Pooling pooling, ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        if (pooling == Pooling.Mean)
            Sum(states, mask, pooled);
        else if (pooling == Pooling.Max)
            Max(states, mask, pooled);
        else if (pooling == Pooling.First)
            states.Slice(mask.IndexOf(true) * Width, Width).CopyTo(pooled);
        else if (pooling == Pooling.Weighted)
            Weigh(states, mask, pooled);
        else
            throw KernelErrors.UnknownId("pooling", pooling, "one of the enumeration");
    }

    // The length becomes 1 at the end: what the sum is divided by does not matter.
    void Sum(ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        var summed = Simd.Is512 ? Sum<Wide512>(states, mask, pooled) : Sum<Wide256>(states, mask, pooled);
        if (summed == Width)
            return;
        var rest = pooled[summed..];
        rest.Clear();
        for (var token = 0; token < mask.Length; token++)
        {
            if (mask[token])
                Simd.AddScaled(ref rest[0], ref MemoryMarshal.GetReference(states[(token * Width + summed)..]), 1, rest.Length);
        }
    }

    /// <summary>Eight vectors of the sum stay in registers over all tokens.</summary>
    /// <returns>How many columns are done.</returns>
    [MethodImpl(Simd.Loop)]
    static int Sum<T>(ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled) where T : struct, IWide<T>
    {
        ref float start = ref MemoryMarshal.GetReference(states), sums = ref MemoryMarshal.GetReference(pooled);
        ref var isThere = ref MemoryMarshal.GetReference(mask);
        nint width = pooled.Length, tokens = mask.Length, index = 0;
        for (; index <= width - 8 * T.Lanes; index += 8 * T.Lanes)
        {
            T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            ref var from = ref Unsafe.Add(ref start, index);
            for (nint token = 0; token < tokens; token++)
            {
                if (Unsafe.Add(ref isThere, token))
                {
                    (s0, s1) = (s0 + T.Load(ref from, 0), s1 + T.Load(ref from, T.Lanes));
                    (s2, s3) = (s2 + T.Load(ref from, 2 * T.Lanes), s3 + T.Load(ref from, 3 * T.Lanes));
                    (s4, s5) = (s4 + T.Load(ref from, 4 * T.Lanes), s5 + T.Load(ref from, 5 * T.Lanes));
                    (s6, s7) = (s6 + T.Load(ref from, 6 * T.Lanes), s7 + T.Load(ref from, 7 * T.Lanes));
                }
                from = ref Unsafe.Add(ref from, width);
            }
            s0.Store(ref sums, index);
            s1.Store(ref sums, index + T.Lanes);
            s2.Store(ref sums, index + 2 * T.Lanes);
            s3.Store(ref sums, index + 3 * T.Lanes);
            s4.Store(ref sums, index + 4 * T.Lanes);
            s5.Store(ref sums, index + 5 * T.Lanes);
            s6.Store(ref sums, index + 6 * T.Lanes);
            s7.Store(ref sums, index + 7 * T.Lanes);
        }
        return (int)index;
    }

    void Max(ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        pooled.Fill(float.NegativeInfinity);
        for (var token = 0; token < mask.Length; token++)
        {
            if (mask[token])
                TensorPrimitives.Max(pooled, states.Slice(token * Width, Width), pooled);
        }
    }

    void Weigh(ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        var weights = this.weights.Take(mask.Length);
        for (var token = 0; token < weights.Length; token++)
            weights[token] = mask[token] ? Simd.Dot(states.Slice(token * Width, Width), query) * inverse : float.NegativeInfinity;
        Simd.ExpAndSum(weights, Simd.Max(weights));
        pooled.Clear();
        for (var token = 0; token < weights.Length; token++)
        {
            if (mask[token])
                Simd.AddScaled(ref pooled[0], ref MemoryMarshal.GetReference(states[(token * Width)..]), weights[token], Width);
        }
    }

    static void Normalise(Span<float> pooled, int text)
    {
        var length = MathF.Sqrt(Simd.Dot(pooled, pooled));
        if (!float.IsFinite(length))
            throw KernelErrors.OutOfRange($"an embedding of text {text} of length", length, "a finite one");
        Simd.Scale(pooled, 1 / MathF.Max(length, ShortestLength));
    }
}

[Kernels("batch-embedder")]
public sealed class EmbedderKernels : IKernels
{
    public IEnumerable<Kernel> Kernels()
    {
        const int texts = 8, tokens = 32, width = 256;
        var random = new RandomData(42);
        var embedder = new BatchEmbedder(random.Normals(width));
        var states = new AlignedBuffer<float>(random.Normals(texts * tokens * width));
        var (mask, embeddings) = (new bool[texts * tokens], new AlignedBuffer<float>(texts * width));
        Array.Fill(mask, true);
        yield return new("pool-mean", () => embedder.Pool(Pooling.Mean, states.Span, mask, texts, embeddings.Span))
            { Flops = states.Length + 3.0 * embeddings.Length, Bytes = sizeof(float) * ((double)states.Length + embeddings.Length) };
    }
}
