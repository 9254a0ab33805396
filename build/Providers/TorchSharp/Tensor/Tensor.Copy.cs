using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Copies, aliases and filling.</summary>
    public partial class Tensor
    {
        public Tensor clone() => Aten.clone.Tensor(this);

        /// <summary>Another object for the same elements and history.</summary>
        public Tensor alias() => new(Native.mt_tensor_retain(Handle));

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.copy_.On(this, source, nonBlocking);

        public Tensor set_(Tensor source) => Aten.set__source_Tensor.On(this, source);

        public Tensor fill_(Scalar value) => Aten.fill__Scalar.On(this, value);

        public Tensor zero_() => Aten.zero_.On(this);

        public Tensor to_dense() => Aten.to_dense.Tensor(this);

        public Tensor to_sparse() => Aten.to_sparse.Tensor(this);

        public Tensor to_sparse(int sparse_dim) => Aten.to_sparse_sparse_dim.Tensor(this, (long)sparse_dim);

        public Tensor SparseIndices => Aten._indices.Tensor(this);

        public Tensor SparseValues => Aten._values.Tensor(this);
    }

    public static Tensor clone(Tensor input) => input.clone();

    public static Tensor sparse_coo_tensor(Tensor indices, Tensor values, long[] size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Aten.sparse_coo_tensor_indices_size.Tensor(indices, values, size, dtype ?? values.dtype, Arg.None, device)
            .With(requires_grad, names);

    public static Tensor complex(Tensor real, Tensor imag) => Aten.complex.Tensor(real, imag);

    public static Tensor polar(Tensor abs, Tensor angle) => Aten.polar.Tensor(abs, angle);
}
