using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace MlPerfEdu.Torch.Tests.Cases;

/// <summary>The twin of StraightThrough in Fixtures/parity/nets.py.</summary>
internal sealed class StraightThrough : SingleTensorFunction<StraightThrough>
{
    public override string Name => nameof(StraightThrough);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var step = (double)vars[1];
        return round((Tensor)vars[0] / step) * step;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output.alias(), null!];
}

/// <summary>The twin of SumAndSign in Fixtures/parity/nets.py.</summary>
internal sealed class SumAndSign : MultiTensorFunction<SumAndSign>
{
    public override string Name => nameof(SumAndSign);

    public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
    {
        var (x, y) = ((Tensor)vars[0], (Tensor)vars[1]);
        var sign = x.sign();
        ctx.mark_non_differentiable([sign]);
        return [x + y, sign];
    }

    public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0] * 3, grad_outputs[0] * 5];
}

/// <summary>The twin of ScaledProduct in Fixtures/parity/nets.py.</summary>
internal sealed class ScaledProduct : SingleTensorFunction<ScaledProduct>
{
    public override string Name => nameof(ScaledProduct);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, y) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([x, y]);
        return x * y;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        return [2 * grad_output * saved[1], grad_output * saved[0]];
    }
}
