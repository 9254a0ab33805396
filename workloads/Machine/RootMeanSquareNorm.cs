using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine;

/// <summary>y = w·x·r with r = 1/√(mean(x²) + ε), row by row (Zhang and Sennrich, 2019), and its gradient.</summary>
static class RootMeanSquareNorm
{
    public static Tensor Forward(Tensor x, Tensor weight, double epsilon) => (x * Reciprocal(x, epsilon)).mul(weight);

    /// <summary>∂x = r·(w·∂y − x·c) with c = r²·mean(∂y·w·x); ∂w = Σ ∂y·x·r over the rows.</summary>
    public static (Tensor Input, Tensor Weight) Backward(Tensor x, Tensor weight, Tensor gradient, double epsilon)
    {
        var r = Reciprocal(x, epsilon);
        var weighted = gradient * weight;
        var c = (weighted * x).mean([-1], true).mul_(r.square());
        var input = weighted.addcmul_(x, c, -1).mul_(r);
        return (input, (x * r).mul_(gradient).sum([0]));
    }

    static Tensor Reciprocal(Tensor x, double epsilon) => x.square().mean([-1], true).add(epsilon).rsqrt();
}
