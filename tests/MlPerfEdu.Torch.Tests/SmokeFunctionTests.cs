using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Operations whose backward pass is written in C#.</summary>
public class SmokeFunctionTests
{
    private sealed class Cube : autograd.SingleTensorFunction<Cube>
    {
        public override string Name => nameof(Cube);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("power", vars[1]);
            return x.pow((double)vars[1]);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var power = (double)ctx.get_data("power")!;
            return [grad_output * ctx.get_saved_variables()[0].pow(power - 1) * power, null!];
        }
    }

    private sealed class Exponential : autograd.SingleTensorFunction<Exponential>
    {
        public override string Name => nameof(Exponential);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var result = ((Tensor)vars[0]).exp();
            ctx.save_for_backward([result]);
            return result;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0]];
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            throw new InvalidOperationException("no gradient today");
    }

    [Fact]
    public void The_backward_pass_in_csharp_gives_the_gradient()
    {
        using var x = tensor(new[] { 1f, 2f, 3f }, requires_grad: true);
        using var y = Cube.apply(x, 3.0);
        y.sum().backward();
        Assert.Equal([3f, 12f, 27f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_result_may_be_saved_and_its_memory_is_freed_with_the_graph()
    {
        using var x = tensor(new[] { 0f, 1f }, requires_grad: true);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            Exponential.apply(x).sum().backward();
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(3 * MathF.E, x.grad!.data<float>()[1], 4);
    }

    [Fact]
    public void An_exception_of_the_backward_pass_comes_out_of_backward()
    {
        using var x = ones(2, requires_grad: true);
        using var y = Failing.apply(x);
        var error = Assert.Throws<ExternalException>(() => y.sum().backward());
        Assert.Contains("no gradient today", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public void Without_gradients_the_function_is_only_its_forward_pass()
    {
        using var x = ones(2);
        using var y = Cube.apply(x, 2.0);
        Assert.False(y.requires_grad);
    }
}
