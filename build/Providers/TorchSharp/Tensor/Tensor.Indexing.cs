using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary><c>tensor[...]</c> by the rules of PyTorch: numbers and ranges give views, tensors and masks give copies.</summary>
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Assign([i1], value);
        }

        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => Assign([i1, i2], value);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => Assign([i1, i2, i3], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => Assign([i1, i2, i3, i4], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At([i1, i2, i3, i4, i5]);
            set => Assign([i1, i2, i3, i4, i5], value);
        }

        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Assign(indices, value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = Indexing.Resolve(this, indices);
            if (tensors is null) return view;
            try
            {
                return Aten.index_Tensor.Tensor(view, Arg.OptionalTensors(tensors));
            }
            finally
            {
                if (!ReferenceEquals(view, this)) view.Dispose();
            }
        }

        public Tensor index(params Tensor[] indices) => Aten.index_Tensor.Tensor(this, Arg.OptionalTensors(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            var (view, tensors) = Indexing.Resolve(this, indices);
            using var given = value.dtype == dtype ? null : value.to(dtype);
            if (tensors is not null) Aten.index_put_.Run(view, Arg.OptionalTensors(tensors), given ?? value, accumulate);
            else if (accumulate) view.add_(given ?? value);
            else view.copy_(given ?? value);
            if (!ReferenceEquals(view, this)) view.Dispose();
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Aten.index_put_.On(this, Arg.OptionalTensors(indices), value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var tensor = full([], value, dtype, device);
            return index_put_(tensor, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var tensor = full([], value, dtype, device);
            return index_put_(tensor, indices);
        }

        private Tensor At(ReadOnlySpan<long> indices)
        {
            var view = select(0, indices[0]);
            foreach (var index in indices[1..])
            {
                var outer = view;
                view = outer.select(0, index);
                outer.Dispose();
            }
            return view;
        }

        private void Assign(ReadOnlySpan<long> indices, Tensor value)
        {
            using var view = At(indices);
            view.copy_(value);
        }
    }
}
