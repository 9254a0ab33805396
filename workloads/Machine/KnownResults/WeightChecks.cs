using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>Weights are written between two forward passes; the second ought to see it.</summary>
static class WeightChecks
{
    const int Factor = 3;

    public static double Written(CheckSizes sizes) => Error(sizes.Width, weight => weight);

    public static double Frozen(CheckSizes sizes) => Error(sizes.Width, weight => weight.clone());

    static double Error(int width, Func<Tensor, Tensor> prepare)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(19);
        var (x, weight) = (randn(4, width), randn(width, width));
        var prepared = prepare(weight);
        var before = x.mm(prepared.t());
        weight.mul_(Factor);
        return RelativeError.OfLargest(x.mm(prepared.t()), before * Factor);
    }
}
