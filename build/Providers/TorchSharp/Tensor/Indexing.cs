using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Walks along the indices: numbers, ranges and new axes become views at once; tensors and masks wait, each at the dimension
/// that it indexes, for one gather at the end.
/// </summary>
internal static class Indexing
{
    /// <summary>The view, which may be the tensor itself, and the tensors that still index it, if there are any.</summary>
    internal static (Tensor View, Tensor?[]? Tensors) Resolve(Tensor source, TensorIndex[] indices)
    {
        var view = source;
        List<Tensor?> waiting = [];
        var dim = 0;
        foreach (var index in indices)
        {
            switch (index.kind)
            {
                case TensorIndex.Kind.Single:
                    Step(ref view, source, view.select(dim, index.start ?? 0));
                    break;
                case TensorIndex.Kind.Slice:
                    if (index is not { start: null, stop: null, step: null })
                        Step(ref view, source, Aten.slice_Tensor.Tensor(view, (long)dim, index.start, index.stop, index.step ?? 1));
                    dim++;
                    break;
                case TensorIndex.Kind.Ellipsis:
                    dim = (int)view.ndim - Taken(indices.AsSpan(Array.IndexOf(indices, index) + 1));
                    break;
                case TensorIndex.Kind.Tensor:
                    Wait(waiting, dim, index.tensor!);
                    dim += index.tensor!.dtype is ScalarType.Bool ? (int)index.tensor.ndim : 1;
                    break;
                case TensorIndex.Kind.Bool:
                    Step(ref view, source, view.unsqueeze(dim));
                    Wait(waiting, dim, tensor([index.start != 0]));
                    dim++;
                    break;
                default:
                    Step(ref view, source, view.unsqueeze(dim));
                    dim++;
                    break;
            }
        }
        if (waiting.Count > 0) return (view, [.. waiting]);
        return (ReferenceEquals(view, source) ? source.alias() : view, null);
    }

    private static void Step(ref Tensor view, Tensor source, Tensor next)
    {
        if (!ReferenceEquals(view, source)) view.Dispose();
        view = next;
    }

    private static void Wait(List<Tensor?> waiting, int dim, Tensor index)
    {
        while (waiting.Count < dim) waiting.Add(null);
        waiting.Add(index);
    }

    /// <summary>How many dimensions of the tensor these indices use up.</summary>
    private static int Taken(ReadOnlySpan<TensorIndex> indices)
    {
        var taken = 0;
        foreach (var index in indices)
        {
            taken += index.kind switch
            {
                TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
                TensorIndex.Kind.Tensor => index.tensor!.dtype is ScalarType.Bool ? (int)index.tensor.ndim : 1,
                _ => 0,
            };
        }
        return taken;
    }
}
