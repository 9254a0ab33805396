using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Several tensors into one.</summary>
public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Aten.cat.Tensor(tensors.ToArray(), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Aten.stack.Tensor(tensors.ToArray(), dim);

    public static Tensor hstack(params Tensor[] tensors) => Aten.hstack.Tensor(tensors);

    public static Tensor vstack(params Tensor[] tensors) => Aten.vstack.Tensor(tensors);


    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") =>
        Aten.meshgrid_indexing.List(tensors.ToArray(), indexing);

    public static Tensor block_diag(params Tensor[] tensors) => Aten.block_diag.Tensor(tensors);

    public static Tensor cartesian_prod(params Tensor[] tensors) => Aten.cartesian_prod.Tensor(tensors);
}
