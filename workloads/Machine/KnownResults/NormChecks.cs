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
