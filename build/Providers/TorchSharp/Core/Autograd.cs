using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var gradients = new nint[inputs.Count];
            nint[] sources = Handles(outputs), targets = Handles(inputs);
            fixed (nint* outs = sources, ins = targets, given = Handles(grad_outputs, outputs.Count), results = gradients)
                NativeError.Check((long)Native.mt_autograd_grad(outs, outputs.Count, ins, inputs.Count, given, retain_graph ? 1 : 0,
                    create_graph ? 1 : 0, allow_unused ? 1 : 0, results));
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            // An unused input has no gradient; the list then has a null in its place.
            return Array.ConvertAll(gradients, handle => handle == 0 ? null! : new Tensor(handle));
        }

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] sources = Handles(tensors), targets = Handles(inputs ?? []);
            fixed (nint* outs = sources, ins = targets, given = Handles(grad_tensors, tensors.Count))
            {
                var status = Native.mt_backward(outs, tensors.Count, given, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0,
                    ins, targets.Length);
                NativeError.Check((long)status);
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor> tensors)
        {
            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i].Handle;
            return handles;
        }

        private static nint[]? Handles(IList<Tensor>? gradients, int expected)
        {
            if (gradients is null) return null;
            if (gradients.Count != expected)
                throw new ArgumentException($"Found {gradients.Count} gradients, expected {expected}: one for each tensor.");
            var handles = new nint[expected];
            for (var i = 0; i < expected; i++) handles[i] = gradients[i] is null ? 0 : gradients[i].Handle;
            return handles;
        }
    }
}
