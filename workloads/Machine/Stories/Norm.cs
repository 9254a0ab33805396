using MlPerfEdu.Roofline.Count;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>The norm as a stage, with the gradient that is written out instead of kept.</summary>
static class Norm
{
    public const double Epsilon = 1e-5;

    public static Tensor Run(IStages stages, Tensor x, Parameter weight) =>
        stages.Run(StepPart.Norm, () => F.rms_norm(x, weight, RootMeanSquareNorm.Forward(x, weight, Epsilon)), gradient =>
        {
            var (input, own) = RootMeanSquareNorm.Backward(x, weight, gradient, Epsilon);
            Gradients.Add(x, input);
            Gradients.Add(weight, own);
        });
}
