using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using TorchSharp;

namespace MlPerfEdu.Roofline.Tests.Compare;

/// <summary>One matrix product, repeated. The count leaves the repeats out: a kernel that got slower does the same work.</summary>
sealed class ProductStep(int repeats) : IStepSource
{
    const int Size = 192;

    public static StepCount Work { get; } = new(Size, [LinearCount.Of("product", Size, Size, Size, bias: false, Gradients.None)]);

    public int Batch => Size;

    public IRunningStep Prepare(int batch) => new Running(batch, repeats);

    sealed class Running(int batch, int repeats) : IRunningStep
    {
        readonly torch.Tensor left = torch.rand(batch, Size).DetachFromDisposeScope();
        readonly torch.Tensor right = torch.rand(Size, Size).DetachFromDisposeScope();

        public StepCount Count => Work;

        public void Step()
        {
            using var mode = torch.no_grad();
            for (var repeat = 0; repeat < repeats; repeat++)
                torch.mm(left, right).Dispose();
        }

        public void Dispose()
        {
            left.Dispose();
            right.Dispose();
        }
    }
}
