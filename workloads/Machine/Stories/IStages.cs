using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Runs the stages of a model one after another.</summary>
interface IStages
{
    /// <param name="stage">Its result from the results of earlier stages and from parameters.</param>
    /// <param name="backward">Adds the gradients of what the stage reads, from that of its result; found by autograd when absent.</param>
    Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null);
}

/// <summary>One graph for the whole model, every gradient by autograd: what the cut one is held against.</summary>
sealed class WholeGraph : IStages
{
    public Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null) => stage();
}
