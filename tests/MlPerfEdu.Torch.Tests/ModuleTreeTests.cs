using MlPerfEdu.Torch.Tests.Cases;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Walking, changing and moving a tree of modules.</summary>
public sealed class ModuleTreeTests
{
    [Fact]
    public void Names_follow_the_path_to_the_member()
    {
        using var net = new Residual();
        Assert.Equal(
            ["mlp.0.bias", "mlp.0.weight", "mlp.2.bias", "mlp.2.weight", "norm.bias", "norm.weight", "scale"],
            net.named_parameters().Select(p => p.name).Order(StringComparer.Ordinal));
        Assert.Equal(["mlp", "norm"], net.named_children().Select(c => c.name).Order(StringComparer.Ordinal));
        Assert.Contains("mlp.1", net.named_modules().Select(m => m.name));
        Assert.Equal(2, net.children().Count());
        Assert.True(net.modules().Count() > net.children().Count());
        Assert.Equal(nameof(Residual), net.GetName());
    }

    [Fact]
    public void Members_are_found_by_name()
    {
        using var net = new Separable();
        Assert.True(net.has_parameter("head.weight"));
        Assert.False(net.has_parameter("head.nothing"));
        Assert.Equal([2, 3], net.get_parameter("head.weight")!.shape);
        Assert.True(net.has_buffer("blocks.1.running_mean"));
        Assert.Equal([2], net.get_buffer("blocks.1.running_mean")!.shape);
        Assert.Equal(net.named_buffers().Count(), net.buffers().Count());
    }

    [Fact]
    public void Training_and_evaluation_reach_every_module()
    {
        using var net = new Separable();
        net.eval();
        Assert.All(net.modules(), m => Assert.False(m.training));
        net.train();
        Assert.All(net.modules(), m => Assert.True(m.training));
    }

    [Fact]
    public void Apply_visits_every_module()
    {
        using var net = new Residual();
        var seen = 0;
        net.apply(_ => seen++);
        // named_modules leaves out the root.
        Assert.Equal(net.named_modules().Count() + 1, seen);
    }

    [Fact]
    public void Registered_members_are_saved_and_non_persistent_buffers_are_not()
    {
        using var net = new Sum();
        Assert.Equal(["kept", "scale", "term.weight"], net.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Contains("scratch", net.named_buffers().Select(b => b.name));
    }

    [Fact]
    public void Moving_to_another_type_replaces_the_values_and_not_the_names()
    {
        using var net = new Separable();
        var names = net.state_dict().Keys.ToArray();
        Assert.Same(net, net.to(ScalarType.Float64));
        Assert.Equal(names, net.state_dict().Keys);
        Assert.All(net.parameters(), p => Assert.Equal(ScalarType.Float64, p.dtype));
        Assert.Equal(ScalarType.Float32, net.@float().get_parameter("head.weight")!.dtype);
        Assert.Equal(ScalarType.BFloat16, net.bfloat16().get_parameter("head.weight")!.dtype);
        Assert.Equal(ScalarType.Float16, net.half().get_parameter("head.weight")!.dtype);
        Assert.Equal(ScalarType.Float64, net.@double().cpu().get_parameter("head.weight")!.dtype);
    }

    [Fact]
    public void Zero_grad_clears_every_parameter()
    {
        using var scope = NewDisposeScope();
        using var net = new Residual();
        net.call(ones(1, 4)).sum().backward();
        Assert.All(net.parameters(), p => Assert.NotNull(p.grad));
        net.zero_grad();
        Assert.All(net.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void Hooks_see_and_change_what_passes_until_removed()
    {
        using var scope = NewDisposeScope();
        using var identity = nn.Identity();
        var before = identity.register_forward_pre_hook((_, x) => x + 1);
        var after = identity.register_forward_hook((_, _, y) => y * 10);
        Assert.Equal(30, identity.call(tensor(2f)).item<float>());
        before.remove();
        after.remove();
        Assert.Equal(2, identity.call(tensor(2f)).item<float>());
    }

    [Fact]
    public void Fresh_weights_and_statistics_come_with_a_reset()
    {
        using var norm = nn.BatchNorm1d(2);
        using (no_grad())
            norm.weight.fill_(5);
        norm.call(rand(4, 2)).Dispose();
        norm.reset_parameters();
        norm.reset_running_stats();
        Assert.Equal([1f, 1f], norm.weight.data<float>().ToArray());
        Assert.Equal([0f, 0f], norm.running_mean!.data<float>().ToArray());
    }

    private sealed class Sum : nn.Module<Tensor, Tensor>
    {
        public Sum() : base(nameof(Sum))
        {
            register_module("term", nn.Linear(2, 2, hasBias: false));
            register_parameter("scale", nn.Parameter(ones(1)));
            register_buffer("kept", ones(1));
            register_buffer("scratch", ones(1), persistent: false);
        }

        public override Tensor forward(Tensor x) => x;
    }
}
