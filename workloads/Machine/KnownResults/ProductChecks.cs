using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

static class ProductChecks
{
    public static double SinglePrecision(CheckSizes sizes) => Error(sizes.Product, ScalarType.Float32);

    public static double BrainFloat(CheckSizes sizes) => Error(sizes.Product, ScalarType.BFloat16);

    // Against double precision with the same rounded factors.
    static double Error(int size, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(17);
        var (left, right) = (randn(size, size).to(dtype), randn(size, size).to(dtype));
        return RelativeError.OfEach(left.mm(right), left.to(float64).mm(right.to(float64)));
    }
}
