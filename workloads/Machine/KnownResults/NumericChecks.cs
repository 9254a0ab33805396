using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>The gradient of the norm, in double precision unless named otherwise.</summary>
static class NormChecks
{
    const double Epsilon = 1e-5;

    // Of finite differences: the truncation error grows with its square, the rounding error with its inverse.
    const double Step = 1e-5;

    public static double AgainstAutograd(CheckSizes sizes)
    {
        using var scope = NewDisposeScope();
        var (x, weight, dy) = Case(sizes.Small, float64);
        x.requires_grad_();
        weight.requires_grad_();
        RootMeanSquareNorm.Forward(x, weight, Epsilon).backward([dy]);
        using var mode = no_grad();
        var (dx, dw) = RootMeanSquareNorm.Backward(x, weight, dy, Epsilon);
        return Math.Max(RelativeError.OfLargest(dx, x.grad!), RelativeError.OfLargest(dw, weight.grad!));
    }

    public static double AgainstDifferences(CheckSizes sizes) => InputError(sizes, unitWeight: false, Ours);
    public static double Original(CheckSizes sizes) => InputError(sizes, unitWeight: false, OriginalFormula);
    public static double OriginalWithWeightOne(CheckSizes sizes) => InputError(sizes, unitWeight: true, OriginalFormula);

    public static double WeightAgainstDifferences(CheckSizes sizes)
    {
        using var scope = NewDisposeScope();
        var (x, weight, dy) = Case(sizes.Small, float64);
        var expected = Differences(weight, () => Loss(x, weight, dy));
        return RelativeError.OfLargest(RootMeanSquareNorm.Backward(x, weight, dy, Epsilon).Weight, expected);
    }

    public static double SinglePrecision(CheckSizes sizes)
    {
        using var scope = NewDisposeScope();
        var (x, weight, dy) = Case([sizes.Positions, sizes.Width], float32);
        var found = Ours(x, weight, dy);
        return RelativeError.OfLargest(found, Ours(x.to(float64), weight.to(float64), dy.to(float64)));
    }

    static double InputError(CheckSizes sizes, bool unitWeight, Func<Tensor, Tensor, Tensor, Tensor> formula)
    {
        using var scope = NewDisposeScope();
        var (x, weight, dy) = Case(sizes.Small, float64);
        if (unitWeight) weight.fill_(1);
        return RelativeError.OfLargest(formula(x, weight, dy), Differences(x, () => Loss(x, weight, dy)));
    }

    static Tensor Ours(Tensor x, Tensor weight, Tensor dy) => RootMeanSquareNorm.Backward(x, weight, dy, Epsilon).Input;

    // As the original has it: the weight multiplies x·c too.
    static Tensor OriginalFormula(Tensor x, Tensor weight, Tensor dy)
    {
        var r = x.square().mean([-1], true).add(Epsilon).rsqrt();
        var c = (dy * weight * x).mean([-1], true) * r.square();
        return weight * r * (dy - x * c);
    }

    // The ranges of the original's test.
    static (Tensor X, Tensor Weight, Tensor Gradient) Case(IReadOnlyList<int> shape, ScalarType dtype)
    {
        random.manual_seed(5);
        return (Uniform(0.5, shape[0], shape[1]), Uniform(0.25, shape[1]).add_(1), Uniform(0.1, shape[0], shape[1]));

        Tensor Uniform(double limit, params long[] size) => empty(size, dtype: dtype).uniform_(-limit, limit);
    }

    static double Loss(Tensor x, Tensor weight, Tensor dy) =>
        RelativeError.Number((RootMeanSquareNorm.Forward(x, weight, Epsilon) * dy).sum());

    static Tensor Differences(Tensor at, Func<double> loss)
    {
        var values = at.view(-1);
        var differences = new double[values.numel()];
        for (var i = 0; i < differences.Length; i++)
        {
            using var scope = NewDisposeScope();
            var here = values[i];
            var kept = here.item<double>();
            here.fill_(kept + Step);
            var above = loss();
            here.fill_(kept - Step);
            differences[i] = (above - loss()) / (2 * Step);
            here.fill_(kept);
        }
        return tensor(differences).view(at.shape);
    }
}

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

/// <summary>Weights are written between two forward passes; the second should see the new ones.</summary>
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

    /// <summary>The error relative to its bound: above 1 is too much.</summary>
    public static double BrainFloatOfBound(CheckSizes sizes) => BrainFloat(sizes) / BrainFloatBound(sizes.Product);

    // A number of 8 bits is off by up to 2⁻⁸; twice that is allowed. The product that keeps sums in single precision needs AVX-512;
    // the other one rounds the sum after each term, by up to 2⁻⁹ of it, of which half in all is allowed.
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
    /// <summary>The largest difference relative to the largest number, for values of similar size.</summary>
    public static double OfLargest(Tensor found, Tensor expected) => Largest(found, expected) / Number(expected.to(float64).abs().max());

    /// <summary>The largest difference relative to the number, or to the root mean square where that is larger: zeros are wrong by 1.</summary>
    public static double OfEach(Tensor found, Tensor expected)
    {
        var exact = expected.to(float64);
        var size = exact.abs().clamp_min(exact.square().mean().sqrt().item<double>());
        return Number(((found.to(float64) - exact).abs() / size).max());
    }

    static double Largest(Tensor found, Tensor expected) => Number((found.to(float64) - expected.to(float64)).abs().max());
    public static double Number(Tensor scalar) => scalar.to(float64).item<double>();
}
