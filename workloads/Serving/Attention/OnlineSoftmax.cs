namespace MlPerfEdu.Serving.Attention;

/// <summary>Attention of one query to keys that come in runs (Milakov and Gimelshein 2018; Dao et al. 2022): the largest score so far, the sum of
/// exponentials relative to it, and the values weighted by them. A run may be a whole cache, a split or a block of a page table.</summary>
struct OnlineSoftmax()
{
    const int Block = 64;

    float max = float.NegativeInfinity;
    float sum;

    // query (dim); keys (count, dim), as values; mixed (dim), zeros at first: Σ exp(score − max)·value
    public void Add(ref float query, ref float keys, ref float values, ref float mixed, int count, int dim, float scale)
    {
        if (Simd.Is512) Add<Wide512>(ref query, ref keys, ref values, ref mixed, count, dim, scale);
        else Add<Wide256>(ref query, ref keys, ref values, ref mixed, count, dim, scale);
    }

    [SkipLocalsInit]
    void Add<T>(ref float query, ref float keys, ref float values, ref float mixed, int count, int dim, float scale) where T : struct, IWide<T>
    {
        Span<float> scores = stackalloc float[Block];
        for (var from = 0; from < count; from += Block)
        {
            var block = scores[..Math.Min(Block, count - from)];
            AttentionLoops<T>.Scores(ref query, ref Unsafe.Add(ref keys, from * dim), block, dim, scale);
            Weigh(block, ref mixed, dim);
            AttentionLoops<T>.Mix(block, ref Unsafe.Add(ref values, from * dim), ref mixed, dim);
        }
    }

    /// <summary>Turns the scores of one more run into the weights of its values, which are still to be mixed.</summary>
    public void Weigh(Span<float> scores, ref float mixed, int dim)
    {
        // A key that is not finite has a score that is not, and there are far fewer scores to check.
        var max = Simd.FiniteMax(scores);
        if (float.IsNaN(max))
            Guard.Finite(scores, "scores");
        if (max > this.max)
            Rescale(max, ref mixed, dim);
        sum += Simd.ExpAndSum(scores, this.max);
    }

    /// <summary>Adds a partial result over other keys.</summary>
    public void Merge(OnlineSoftmax other, ref float otherMixed, ref float mixed, int dim)
    {
        if (other.max > max)
            Rescale(other.max, ref mixed, dim);
        var weight = MathF.Exp(other.max - max);
        sum += weight * other.sum;
        Simd.AddScaled(ref mixed, ref otherMixed, weight, dim);
    }

    /// <summary>Divides the weighted values by the sum of weights.</summary>
    /// <exception cref="KernelException">A value was not finite.</exception>
    public readonly void Finish(Span<float> mixed)
    {
        Simd.Scale(mixed, 1 / sum);
        Guard.Finite(mixed, "mixed values");
    }

    void Rescale(float max, ref float mixed, int dim)
    {
        if (sum > 0)
        {
            var factor = MathF.Exp(this.max - max);
            sum *= factor;
            Simd.Scale(MemoryMarshal.CreateSpan(ref mixed, dim), factor);
        }
        this.max = max;
    }
}

/// <summary>Attention over a contiguous cache.</summary>
static class GroupedAttention
{
    // Keys and values of a run stay in the L1 cache while all heads of a group read them.
    const int RunFloats = 4096;
    const int LongestRun = 64;

    // query (heads, dim), as output; cache: one block of (kv heads, capacity, dim); length: tokens in it
    public static void Attend(AttentionShape shape, ReadOnlySpan<float> query, KvBuffers cache, int length, Span<float> output)
    {
        shape.Check(query, output, length);
        output.Clear();
        if (Simd.Is512) Attend<Wide512>(shape, query, cache.Keys.Span, cache.Values.Span, length, output);
        else Attend<Wide256>(shape, query, cache.Keys.Span, cache.Values.Span, length, output);
    }

    [SkipLocalsInit]
    static void Attend<T>(
        AttentionShape shape, ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int length, Span<float> output)
        where T : struct, IWide<T>
    {
        var (dim, group, ofHead) = (shape.Dim, shape.Group, keys.Length / shape.KvHeads);
        var run = Math.Clamp(RunFloats / (2 * dim) / 4 * 4, 4, LongestRun);
        Span<float> scores = stackalloc float[group * run];
        Span<OnlineSoftmax> softmaxes = stackalloc OnlineSoftmax[group];
        for (var kvHead = 0; kvHead < shape.KvHeads; kvHead++)
        {
            softmaxes.Fill(new());
            var queries = query.Slice(kvHead * group * dim, group * dim);
            var mixed = output.Slice(kvHead * group * dim, group * dim);
            for (var from = 0; from < length; from += run)
            {
                var (at, count) = (kvHead * ofHead + from * dim, Math.Min(run, length - from));
                var ofRun = scores[..(group * count)];
                Scores<T>(queries, keys[at..], ofRun, count, dim, shape.Scale);
                for (var head = 0; head < group; head++)
                    softmaxes[head].Weigh(ofRun.Slice(head * count, count), ref mixed[head * dim], dim);
                Mix<T>(ofRun, values[at..], mixed, count, dim);
            }
            for (var head = 0; head < group; head++)
                softmaxes[head].Finish(mixed.Slice(head * dim, dim));
        }
    }

    // Two queries at a time share the loads of the keys.
    static void Scores<T>(ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, Span<float> scores, int count, int dim, float scale)
        where T : struct, IWide<T>
    {
        ref float query = ref MemoryMarshal.GetReference(queries), key = ref MemoryMarshal.GetReference(keys);
        for (; scores.Length >= 2 * count; scores = scores[(2 * count)..], query = ref Unsafe.Add(ref query, 2 * dim))
            AttentionLoops<T>.Scores(ref query, ref Unsafe.Add(ref query, dim), ref key, scores[..count], scores.Slice(count, count), dim, scale);
        if (!scores.IsEmpty)
            AttentionLoops<T>.Scores(ref query, ref key, scores, dim, scale);
    }

    static void Mix<T>(ReadOnlySpan<float> weights, ReadOnlySpan<float> values, Span<float> mixed, int count, int dim) where T : struct, IWide<T>
    {
        ref float value = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(mixed);
        for (; weights.Length >= 2 * count; weights = weights[(2 * count)..], to = ref Unsafe.Add(ref to, 2 * dim))
            AttentionLoops<T>.Mix(weights[..count], weights.Slice(count, count), ref value, ref to, ref Unsafe.Add(ref to, dim), dim);
        if (!weights.IsEmpty)
            AttentionLoops<T>.Mix(weights, ref value, ref to, dim);
    }
}
