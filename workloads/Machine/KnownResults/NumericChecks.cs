using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>A classifier over a vocabulary, [S, D] by [V, D], with values as small as the original's.</summary>
static class ClassifierChecks
{
    public static double Forward(CheckSizes sizes) => ForwardError(sizes, (x, table) => x.mm(table.t()));
    public static double ForwardOfZeros(CheckSizes sizes) => ForwardError(sizes, (x, table) => zeros(x.shape[0], table.shape[0]));

    public static double ZerosUnderOriginalBound(CheckSizes sizes)
    {
        using var scope = NewDisposeScope();
        var (x, table) = Case(sizes);
        return RelativeError.Number(x.mm(table.t()).abs().max());
    }

    public static double Backward(CheckSizes sizes) => BackwardError(sizes, (gradient, table) => gradient.mm(table));

    public static double BackwardOfZeros(CheckSizes sizes) =>
        BackwardError(sizes, (gradient, table) => zeros(gradient.shape[0], table.shape[1]));

    public static double SoftmaxRowSums(CheckSizes sizes)
    {
        using var scope = NewDisposeScope();
        var (x, table) = Case(sizes);
        var sums = x.mm(table.t()).softmax(-1).sum([-1], type: float64);
        return RelativeError.Number((sums - 1).abs().max());
    }

    public static double SoftmaxError(CheckSizes sizes)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(13);
        // Logits of a trained model: probabilities over many orders of magnitude.
        var logits = randn(sizes.Positions, sizes.Vocabulary).mul_(4);
        var expected = logits.to(float64).softmax(-1);
        return RelativeError.Number(((logits.softmax(-1).to(float64) - expected) / expected).abs().max());
    }

    static double ForwardError(CheckSizes sizes, Func<Tensor, Tensor, Tensor> logits)
    {
        using var scope = NewDisposeScope();
        var (x, table) = Case(sizes);
        return RelativeError.OfEach(logits(x, table), x.to(float64).mm(table.to(float64).t()));
    }

    static double BackwardError(CheckSizes sizes, Func<Tensor, Tensor, Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        var (_, table) = Case(sizes);
        var gradient = randn(sizes.Positions, sizes.Vocabulary).mul_(0.01);
        return RelativeError.OfEach(gradients(gradient, table), gradient.to(float64).mm(table.to(float64)));
    }

    static (Tensor X, Tensor Table) Case(CheckSizes sizes)
    {
        random.manual_seed(11);
        return (randn(sizes.Positions, sizes.Width).mul_(0.05), empty([sizes.Vocabulary, sizes.Width]).uniform_(-0.02, 0.02));
    }
}

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
