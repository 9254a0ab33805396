using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace TorchSharp;

/// <summary>A managed function in libtorch's graph. libtorch holds it by a handle and says when it lets go.</summary>
internal sealed unsafe class FunctionNode
{
    private readonly string _name;
    private readonly Func<AutogradContext, List<Tensor>, List<Tensor>> _backward;
    private readonly AutogradContext _context;
    private readonly bool[] _isTensor;

    private FunctionNode(string name, Func<AutogradContext, List<Tensor>, List<Tensor>> backward, AutogradContext context,
        bool[] isTensor) =>
        (_name, _backward, _context, _isTensor) = (name, backward, context, isTensor);

    internal static List<Tensor> Connect(string name, Func<AutogradContext, List<Tensor>, List<Tensor>> backward, AutogradContext context,
        object[] vars, List<Tensor> outputs)
    {
        Tensor[] inputs = [.. vars.OfType<Tensor>()];
        nint[] inputHandles = Handles(inputs), outputHandles = Handles(outputs), savedHandles = Handles(context.ToSave);
        byte[] dirty = Flags(inputs, context.Dirty, present: 1), differentiable = Flags(outputs, context.NonDifferentiable, present: 0);
        var node = new FunctionNode(name, backward, context, [.. vars.Select(argument => argument is Tensor)]);
        int made;
        fixed (nint* input = inputHandles, output = outputHandles, saved = savedHandles)
        fixed (byte* dirtyFlags = dirty, differentiableFlags = differentiable)
        {
            var request = new CustomNode
            {
                Inputs = input, InputCount = inputs.Length, Outputs = output, OutputCount = outputs.Count,
                Differentiable = differentiableFlags, Dirty = dirtyFlags, Saved = saved, SavedCount = context.ToSave.Count,
                Materialize = context.MaterializeGrads ? 1 : 0, Backward = &RunBackward, Released = &Release,
                State = GCHandle.ToIntPtr(GCHandle.Alloc(node)),
            };
            made = Native.mt_custom_function(&request);
        }
        NativeError.Check((long)made);
        GC.KeepAlive(inputs);
        GC.KeepAlive(context.ToSave);
        context.ForgetTensors();
        return made == 0 ? outputs : [.. outputs.Select((output, i) => Adopt(output, outputHandles[i]))];
    }

    /// <summary>Usually libtorch gives the very tensor back; the object that the forward pass made then stays in use.</summary>
    private static Tensor Adopt(Tensor output, nint handle)
    {
        var connected = new Tensor(handle);
        if (output.Handle != handle) return connected;
        connected.Dispose();
        return output;
    }

    [UnmanagedCallersOnly]
    private static int RunBackward(nint state, nint* gradients, long gradientCount, nint* saved, long savedCount, nint* results,
        long resultCount)
    {
        try
        {
            using var scope = NewDisposeScope();
            var node = (FunctionNode)GCHandle.FromIntPtr(state).Target!;
            node._context.Unpacked = Wrap(saved, savedCount);
            var answers = node.Checked(node._backward(node._context, Wrap(gradients, gradientCount)));
            for (var i = 0; i < resultCount; i++) results[i] = answers[i] is null ? 0 : Native.mt_tensor_retain(answers[i].Handle);
            node._context.Unpacked = [];
            return 0;
        }
#pragma warning disable CA1031 // No exception may pass through libtorch: it is thrown again when the engine has returned.
        catch (Exception error)
#pragma warning restore CA1031
        {
            NativeError.Pending = error;
            fixed (byte* message = Encoding.UTF8.GetBytes(error.Message + '\0')) Native.mt_callback_error(message);
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(nint state)
    {
        var handle = GCHandle.FromIntPtr(state);
        ((FunctionNode)handle.Target!)._context.Dispose();
        handle.Free();
    }

    /// <summary>The gradients of the tensor arguments, of all those given.</summary>
    private Tensor[] Checked(List<Tensor> answers)
    {
        if (answers.Count < _isTensor.Length || answers.Skip(_isTensor.Length).Any(extra => extra is not null))
            throw new InvalidOperationException(
                $"Function {_name} returned an incorrect number of gradients (expected {_isTensor.Length}, got {answers.Count})");
        for (var i = 0; i < _isTensor.Length; i++)
        {
            if (!_isTensor[i] && answers[i] is not null)
                throw new InvalidOperationException(
                    $"Function {_name} returned a gradient at position {i + 1}, but the corresponding forward input was not a Tensor");
        }
        return [.. answers.Where((_, i) => i < _isTensor.Length && _isTensor[i])];
    }

    private static nint[] Handles(IEnumerable<Tensor> tensors) => [.. tensors.Select(tensor => tensor is null ? 0 : tensor.Handle)];

    private static byte[] Flags(IEnumerable<Tensor> tensors, List<Tensor> marked, byte present) =>
        [.. tensors.Select(tensor => marked.Exists(mark => ReferenceEquals(mark, tensor)) ? present : (byte)(1 - present))];

    private static List<Tensor> Wrap(nint* handles, long count)
    {
        List<Tensor> tensors = [];
        for (var i = 0; i < count; i++) tensors.Add(handles[i] == 0 ? null! : new Tensor(handles[i]));
        return tensors;
    }
}
