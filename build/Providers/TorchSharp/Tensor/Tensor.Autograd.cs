using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Gradients.</summary>
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Native.mt_requires_grad(Handle) != 0;
            set => requires_grad_(value);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            NativeError.Check((long)Native.mt_set_requires_grad(Handle, requires_grad ? 1 : 0));
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => NativeError.Check((long)Native.mt_retain_grad(Handle));

        /// <summary>
        /// The gradient that backward accumulated here, or null. Each reading makes an object of its own for the same elements.
        /// </summary>
        public Tensor? grad
        {
            get
            {
                var gradient = Native.mt_grad_get(Handle);
                if (gradient == 0) NativeError.CheckText();
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                NativeError.Check((long)Native.mt_grad_set(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>The name of the operator that made this tensor, or null for a leaf.</summary>
        internal unsafe string? GradFunctionName => Marshal.PtrToStringUTF8((nint)Native.mt_grad_fn_name(Handle));

        public void backward() => backward(null);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor>? inputs = null) => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor detach() => Aten.detach.Tensor(this);

        public Tensor detach_() => Aten.detach_.On(this);
    }
}
