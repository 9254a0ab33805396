using System.Text;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Provider;

/// <summary>
/// Processes that exchange tensors: libtorch's c10d over Gloo. Not part of TorchSharp's API: reached by reflection. Those of one
/// group make the same calls in the same order; a call fails soon after another process is lost.
/// </summary>
public sealed unsafe class ProcessGroup : IDisposable
{
    private nint _group;

    /// <summary>Waits for all to come, at the address and port where rank 0 listens.</summary>
    /// <param name="answerSeconds">How long each later call waits for the others.</param>
    public ProcessGroup(string address, int port, int rank, int size, double joinSeconds, double answerSeconds)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(address + '\0'))
            _group = NativeError.Check(Native.mt_group_join(text, port, rank, size, joinSeconds, answerSeconds));
    }

    /// <summary>Whether the libtorch in use came with Gloo when the native part was compiled.</summary>
    public static bool IsAvailable => Native.mt_group_available() != 0;

    /// <summary>Adds up a contiguous tensor over all processes, in place and with the same bits everywhere.</summary>
    public void Sum(Tensor tensor)
    {
        NativeError.Check((long)Native.mt_group_sum(_group, tensor.Handle));
        GC.KeepAlive(tensor);
    }

    /// <summary>Gives every process the tensor of one of them, in place.</summary>
    public void Broadcast(Tensor tensor, int root)
    {
        NativeError.Check((long)Native.mt_group_broadcast(_group, tensor.Handle, root));
        GC.KeepAlive(tensor);
    }

    /// <summary>Waits for all.</summary>
    public void Barrier() => NativeError.Check((long)Native.mt_group_barrier(_group));

    public void Dispose()
    {
        if (_group != 0) Native.mt_group_leave(_group);
        _group = 0;
    }
}
