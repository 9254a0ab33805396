using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPerfEdu.Serving.Attention;

/// <summary>Attention over a cache that lies in one piece.</summary>
static class GroupedAttention
{
    // Keys and values of a run stay in the first-level cache while all heads of a group read them.
    const int RunFloats = 4096;
    const int LongestRun = 64;

    /// <param name="query">(heads, dim)</param>
    /// <param name="keys">(kv heads, capacity, dim), as values</param>
    /// <param name="length">Tokens that are there.</param>
    /// <param name="output">(heads, dim)</param>
    [SkipLocalsInit]
    public static void Attend(
        AttentionShape shape, ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int length,
        Span<float> output)
    {
        Guard.Length(query.Length, shape.QuerySize, "a query");
        Guard.Length(output.Length, shape.QuerySize, "the output");
        Guard.NotEmpty(length, "tokens in the cache");
        Guard.Finite(query, "a query");
        output.Clear();
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
                Scores(queries, keys[at..], ofRun, count, dim, shape.Scale);
                for (var head = 0; head < group; head++)
                    softmaxes[head].Weigh(ofRun.Slice(head * count, count), ref mixed[head * dim], dim);
                Mix(ofRun, values[at..], mixed, count, dim);
            }
            for (var head = 0; head < group; head++)
                softmaxes[head].Finish(mixed.Slice(head * dim, dim));
        }
    }

    static void Scores(ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, Span<float> scores, int count, int dim, float scale)
    {
        ref var query = ref MemoryMarshal.GetReference(queries);
        ref var key = ref MemoryMarshal.GetReference(keys);
        for (; scores.Length >= 2 * count; scores = scores[(2 * count)..], query = ref Unsafe.Add(ref query, 2 * dim))
            AttentionProducts.Scores(
                ref query, ref Unsafe.Add(ref query, dim), ref key, scores[..count], scores.Slice(count, count), dim, scale);
        if (!scores.IsEmpty)
            AttentionProducts.Scores(ref query, ref key, scores, dim, scale);
    }

    static void Mix(ReadOnlySpan<float> weights, ReadOnlySpan<float> values, Span<float> mixed, int count, int dim)
    {
        ref var value = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(mixed);
        for (; weights.Length >= 2 * count; weights = weights[(2 * count)..], to = ref Unsafe.Add(ref to, 2 * dim))
            AttentionProducts.Mix(weights[..count], weights.Slice(count, count), ref value, ref to, ref Unsafe.Add(ref to, dim), dim);
        if (!weights.IsEmpty)
            AttentionProducts.Mix(weights, ref value, ref to, dim);
    }
}
