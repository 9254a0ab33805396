using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

static class Gradients
{
    /// <summary>To what other readers of the tensor left, as autograd does.</summary>
    public static void Add(Tensor leaf, Tensor gradient)
    {
        if (leaf.grad is { } before)
            before.add_(gradient);
        else
            leaf.grad = gradient;
    }
}
