using System.Numerics;
using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Attention;

namespace MlPerfEdu.Serving.Medusa;

/// <summary>Attention of all nodes of a tree in one pass: each to the whole context, and within the tree to its ancestors alone.</summary>
public sealed class TreeAttention(AttentionShape shape)
{
    /// <param name="queries">(nodes, heads, dim), as the output.</param>
    /// <param name="contextKeys">(kv heads, context, dim), as the values; may be empty.</param>
    /// <param name="keys">(kv heads, nodes, dim), as the values: those of the tree.</param>
    public void Attend(
        MedusaTree tree, ReadOnlySpan<float> queries, ReadOnlySpan<float> contextKeys, ReadOnlySpan<float> contextValues,
        ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> output)
    {
        Guard.NotEmpty(tree.Count, "nodes of the tree");
        Guard.Length(queries.Length, tree.Count * shape.QuerySize, "queries");
        Guard.Length(keys.Length, tree.Count * shape.TokenSize, "keys of the tree");
        Guard.Length(values.Length, keys.Length, "values of the tree");
        Guard.Length(contextValues.Length, contextKeys.Length, "values of the context");
        Guard.Length(output.Length, queries.Length, "the output");
        var context = contextKeys.Length / shape.TokenSize;
        Guard.Length(contextKeys.Length, context * shape.TokenSize, "keys of the context");
        output.Clear();
        for (var node = 0; node < tree.Count; node++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                var at = node * shape.QuerySize + head * shape.Dim;
                var kvHead = head / shape.Group;
                var (inContext, inTree) = (kvHead * context * shape.Dim, kvHead * tree.Count * shape.Dim);
                ref var query = ref MemoryMarshal.GetReference(queries[at..]);
                ref var mixed = ref output[at];
                var softmax = new OnlineSoftmax();
                softmax.Add(ref query, ref MemoryMarshal.GetReference(contextKeys[inContext..]),
                    ref MemoryMarshal.GetReference(contextValues[inContext..]), ref mixed, context, shape.Dim, shape.Scale);
                // Ancestors lie scattered: runs of them are taken together.
                for (var visible = tree.Visible(node); visible != 0;)
                {
                    var first = BitOperations.TrailingZeroCount(visible);
                    var count = BitOperations.TrailingZeroCount(~(visible >> first));
                    softmax.Add(ref query, ref MemoryMarshal.GetReference(keys[(inTree + first * shape.Dim)..]),
                        ref MemoryMarshal.GetReference(values[(inTree + first * shape.Dim)..]), ref mixed, count, shape.Dim, shape.Scale);
                    visible &= first + count == 64 ? 0 : ulong.MaxValue << (first + count);
                }
                softmax.Finish(output.Slice(at, shape.Dim));
            }
        }
    }
}
