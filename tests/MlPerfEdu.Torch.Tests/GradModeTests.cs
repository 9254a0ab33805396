using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>When operations are recorded for a backward pass.</summary>
public sealed class GradModeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _weight = ones(2, requires_grad: true);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Recording_is_on_by_default()
    {
        Assert.True(is_grad_enabled());
        var result = _weight * 2;
        Assert.True(result.requires_grad);
        Assert.False(result.is_leaf);
        Assert.True(_weight.is_leaf);
    }

    [Fact]
    public void No_grad_records_nothing_and_ends_with_its_scope()
    {
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((_weight * 2).requires_grad);
        }
        Assert.True((_weight * 2).requires_grad);
    }

    [Fact]
    public void Modes_nest()
    {
        using (no_grad())
        {
            using (enable_grad())
                Assert.True((_weight * 2).requires_grad);
            using (set_grad_enabled(true))
                Assert.True(is_grad_enabled());
            Assert.False(is_grad_enabled());
        }
    }

    [Fact]
    public void Inference_mode_makes_tensors_that_can_never_be_recorded()
    {
        Tensor made;
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            made = _weight * 2;
            Assert.False(made.requires_grad);
        }
        Assert.False(is_inference_mode_enabled());
        var refusal = Assert.Throws<ExternalException>(() => _weight * made);
        Assert.Contains("Inference tensors cannot be saved for backward", refusal.Message);
    }

    [Fact]
    public void Modes_belong_to_their_thread()
    {
        using (no_grad())
        {
            var elsewhere = false;
            var thread = new Thread(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.True(elsewhere);
        }
    }

    [Fact]
    public void Zero_grad_forgets_and_backward_adds()
    {
        using var linear = nn.Linear(2, 1);
        using var optimizer = optim.SGD(linear.parameters(), 0.1);
        linear.call(ones(1, 2)).sum().backward();
        linear.call(ones(1, 2)).sum().backward();
        Assert.Equal([2f, 2f], linear.weight.grad!.data<float>().ToArray());
        optimizer.zero_grad();
        Assert.True(linear.weight.grad is null || linear.weight.grad.sum().item<float>() == 0);
    }

    [Fact]
    public void An_intermediate_keeps_its_gradient_when_asked()
    {
        var middle = _weight * 3;
        middle.retain_grad();
        autograd.backward(middle.square().sum());
        Assert.Equal([6f, 6f], middle.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Any_tensor_can_become_a_parameter()
    {
        Assert.True(ones(2).AsParameter().requires_grad);
        Assert.True(ones(2).with_requires_grad(true).requires_grad);
    }

    [Fact]
    public void A_gradient_can_be_replaced()
    {
        _weight.sum().backward();
        _weight.grad = zeros(2);
        Assert.Equal([0f, 0f], _weight.grad!.data<float>().ToArray());
        _weight.grad = null;
        Assert.Null(_weight.grad);
    }

    [Fact]
    public void Switching_a_parameter_off_leaves_it_without_gradient()
    {
        using var linear = nn.Linear(2, 1);
        linear.bias!.requires_grad = false;
        linear.call(ones(1, 2)).sum().backward();
        Assert.Null(linear.bias.grad);
        Assert.NotNull(linear.weight.grad);
    }
}
