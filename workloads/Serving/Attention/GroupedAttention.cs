using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPerfEdu.Serving.Attention;

/// <summary>Attention over a cache that lies in one piece.</summary>
static class GroupedAttention
{
    // Keys and values of a run stay in the first-level cache while all heads of a group read them.
    const int RunFloats = 4096;

    /// <param name="query">(heads, dim)</param>
    /// <param name="keys">(kv heads, capacity, dim), as values</param>
    /// <param name="length">Tokens that are there.</param>
    /// <param name="output">(heads, dim)</param>
    [SkipLocalsInit]
    public static void Attend(
        AttentionShape shape, ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int length, Span<float> output)
    {
        Guard.Length(query.Length, shape.QuerySize, "a query");
        Guard.Length(output.Length, shape.QuerySize, "the output");
        Guard.NotEmpty(length, "tokens in the cache");
        Guard.Finite(query, "a query");
        output.Clear();
        var (dim, group, ofHead) = (shape.Dim, shape.Group, keys.Length / shape.KvHeads);
        var run = Math.Max(1, RunFloats / (2 * dim));
        Span<OnlineSoftmax> softmaxes = stackalloc OnlineSoftmax[group];
        for (var kvHead = 0; kvHead < shape.KvHeads; kvHead++)
        {
            softmaxes.Fill(new());
            var queries = query.Slice(kvHead * group * dim, group * dim);
            var mixed = output.Slice(kvHead * group * dim, group * dim);
            for (var from = 0; from < length; from += run)
            {
                var (at, count) = (kvHead * ofHead + from * dim, Math.Min(run, length - from));
                ref var key = ref MemoryMarshal.GetReference(keys[at..]);
                ref var value = ref MemoryMarshal.GetReference(values[at..]);
                for (var head = 0; head < group; head++)
                    softmaxes[head].Add(ref MemoryMarshal.GetReference(queries[(head * dim)..]), ref key, ref value,
                        ref mixed[head * dim], count, dim, shape.Scale);
            }
            for (var head = 0; head < group; head++)
                softmaxes[head].Finish(mixed.Slice(head * dim, dim));
        }
    }
}
