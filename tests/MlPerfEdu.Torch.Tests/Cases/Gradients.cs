using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class Gradients
{
    public static CaseTable Table { get; } = new("autograd")
    {
        { "grad", i => autograd.grad([(i["x"] * i["y"]).sum()], [i["x"], i["y"]]).ToArray() },
        { "grad_with_weights", i => autograd.grad([i["x"].exp()], [i["x"]], [i["y"]]).ToArray() },
        { "second_derivative", i => autograd.grad([CubeSlope(i["x"]).sum()], [i["x"]]).ToArray() },
        { "grad_of_grad", i => CubeSlope(i["x"]) },
        { "accumulates", i => GradAfter(i["x"], x => x.sum().backward(), x => (x * x).sum().backward()) },
        { "retain_graph", RetainedGraph },
        { "detach_cuts", i => i["x"] * i["x"].detach() },
        { "shared_input", i => i["x"] * i["x"] + i["x"].sin() * i["x"] },
        { "broadcast_reduces", i => (i["x"] * i["y"]).tanh() },
        { "through_index", i => i["x"][tensor([0L, 0L, 2L])] * i["y"] },
        { "no_grad_part", NoGradPart },
        { "straight_through", i => StraightThrough.apply(i["x"], 0.5) },
        { "scaled_product", i => ScaledProduct.apply(i["x"], i["y"]) },
        { "sum_and_sign", i => SumAndSign.apply(i["x"], i["y"]).ToArray() },
        { "sqrt_at_zero", i => sqrt(i["x"] - i["x"]) },
    };

    private static Tensor CubeSlope(Tensor x) => autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];

    private static Tensor GradAfter(Tensor x, params Action<Tensor>[] passes)
    {
        foreach (var pass in passes)
            pass(x);
        return x.grad!.clone();
    }

    private static Outputs RetainedGraph(CaseInputs i)
    {
        var s = i["x"].exp().sum();
        s.backward(retain_graph: true);
        s.backward();
        return i["x"].grad!.clone();
    }

    private static Outputs NoGradPart(CaseInputs i)
    {
        Tensor factor;
        using (no_grad())
            factor = i["x"].exp();
        return i["x"] * factor;
    }
}
