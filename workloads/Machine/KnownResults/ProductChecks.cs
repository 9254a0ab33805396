using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

static class ProductChecks
{
    public static double SinglePrecision(CheckSizes sizes) => Error(sizes.Product, ScalarType.Float32);

    public static double BrainFloat(CheckSizes sizes) => Error(sizes.Product, ScalarType.BFloat16);

    /// <summary>The error as a part of what is allowed: 1 is too much.</summary>
    public static double BrainFloatOfBound(CheckSizes sizes) => BrainFloat(sizes) / BrainFloatBound(sizes.Product);

    // A number of 8 bits is off by up to 2⁻⁸, and has twice that. The product that keeps sums in single precision asks for AVX-512;
    // libtorch 1.13's other one rounds the sum after each term, by up to 2⁻⁹ of it, of which half in all is allowed.
    static double BrainFloatBound(int terms) => Avx512BW.IsSupported ? 1.0 / 128 : terms / 1024.0;

    // Against double precision with the same rounded factors.
    static double Error(int size, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(17);
        var (left, right) = (randn(size, size).to(dtype), randn(size, size).to(dtype));
        return RelativeError.OfEach(left.mm(right), left.to(float64).mm(right.to(float64)));
    }
}
