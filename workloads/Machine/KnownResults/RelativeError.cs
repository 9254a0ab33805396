using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

static class RelativeError
{
    /// <summary>The largest difference as a part of the largest number: for values of one size.</summary>
    public static double OfLargest(Tensor found, Tensor expected) => Largest(found, expected) / Number(expected.to(float64).abs().max());

    /// <summary>
    /// The largest difference as a part of the number itself, or of the root mean square where that is larger: all zeros are wrong by 1.
    /// </summary>
    public static double OfEach(Tensor found, Tensor expected)
    {
        var exact = expected.to(float64);
        var size = exact.abs().clamp_min(exact.square().mean().sqrt().item<double>());
        return Number(((found.to(float64) - exact).abs() / size).max());
    }

    static double Largest(Tensor found, Tensor expected) => Number((found.to(float64) - expected.to(float64)).abs().max());

    public static double Number(Tensor scalar) => scalar.to(float64).item<double>();
}
