using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns.</summary>
    public class Parameter : Tensor
    {
        /// <summary>Takes the tensor over: the object given is empty afterwards, as in TorchSharp, and this one is in its scope.</summary>
        public Parameter(Tensor data, bool requires_grad = true) : base(data.requires_grad_(requires_grad), data.OwningDisposeScope)
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class TensorExtensionMethods
    {
        public static Parameter AsParameter(this Tensor tensor) => new(tensor);
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
