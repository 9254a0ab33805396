using MlPerfEdu.Roofline.Count;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Runs the stages of a model one after another.</summary>
interface IStages
{
    /// <param name="stage">Its result from the results of earlier stages and from parameters.</param>
    /// <param name="backward">Adds the gradients of what the stage reads, from that of its result; found by autograd when absent.</param>
    Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null);
}

/// <summary>Names what a step counts after its parts.</summary>
sealed class CountedStages(ModuleCounter counter) : IStages
{
    public Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null)
    {
        Tensor? output = null;
        counter.In(part.Name(), () => output = stage());
        return output!;
    }
}

/// <summary>One graph for the whole model, every gradient by autograd: what the cut one is held against.</summary>
sealed class WholeGraph : IStages
{
    public Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null) => stage();
}
