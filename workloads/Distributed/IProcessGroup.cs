using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>Processes that exchange tensors. Each makes the same calls in the same order.</summary>
public interface IProcessGroup
{
    int Rank { get; }

    int Size { get; }

    /// <summary>Adds up a contiguous tensor of floats over all ranks, in place and with the same bits on each.</summary>
    void Sum(Tensor tensor);

    /// <summary>Gives every rank the contiguous tensor of one of them, in place.</summary>
    void Broadcast(Tensor tensor, int root);

    /// <summary>Waits for all.</summary>
    void Barrier();
}
