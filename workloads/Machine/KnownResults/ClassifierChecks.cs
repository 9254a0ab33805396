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
