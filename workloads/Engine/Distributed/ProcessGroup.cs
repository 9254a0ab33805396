using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Distributed;

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

/// <summary>Averages the gradients of all ranks, in one exchange for all parameters.</summary>
public sealed class GradientExchange(IReadOnlyList<Parameter> parameters, IProcessGroup group)
{
    /// <summary>The gradients as they are, one after another, [parameters].</summary>
    public Tensor Gather() => cat([.. parameters.Select(parameter => parameter.grad!.flatten())]);

    /// <summary>Each rank's own gradients become the mean of all.</summary>
    public void Average()
    {
        using var scope = NewDisposeScope();
        var gradients = Gather();
        group.Sum(gradients);
        gradients.div_(group.Size);
        var start = 0L;
        foreach (var parameter in parameters)
        {
            parameter.grad!.copy_(gradients.narrow(0, start, parameter.numel()).view_as(parameter));
            start += parameter.numel();
        }
    }

    /// <summary>Each rank goes on with the values of one.</summary>
    public void ShareValues(int root)
    {
        using var quiet = no_grad();
        foreach (var parameter in parameters)
            group.Broadcast(parameter, root);
    }
}

/// <summary>An experiment that runs as several processes, of which each measures its part.</summary>
public interface IRankedExperiment
{
    /// <param name="steps">Steps to take; those of the entry when absent.</param>
    IReadOnlyList<MeasuredPoint> MeasureRank(IProcessGroup group, int? steps, IRunProgress progress, CancellationToken stop);
}
