using MlPerfEdu.Torch.Tests.Cases;
using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>An in-place call returns the object it was called on: nothing new to dispose.</summary>
public sealed class InPlaceTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Calls = new()
    {
        ["add_"] = t => t.add_(t), ["sub_"] = t => t.sub_(1), ["mul_"] = t => t.mul_(2), ["div_"] = t => t.div_(2),
        ["zero_"] = t => t.zero_(), ["fill_"] = t => t.fill_(1), ["exp_"] = t => t.exp_(), ["relu_"] = t => t.relu_(),
        ["clamp_"] = t => t.clamp_(0, 1), ["copy_"] = t => t.copy_(zeros(3)), ["addcmul_"] = t => t.addcmul_(t, t, 1),
        ["normal_"] = t => t.normal_(), ["uniform_"] = t => t.uniform_(0, 1), ["requires_grad_"] = t => t.requires_grad_(),
        ["init.zeros_"] = nn.init.zeros_, ["init.xavier_normal_"] = t => nn.init.xavier_normal_(t),
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Returns_the_same_object(string name)
    {
        using var scope = NewDisposeScope();
        var before = ones(3, 3);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Same(before, Calls[name](before));
        scope.DisposeEverythingBut(before);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Writes_through_a_view()
    {
        using var scope = NewDisposeScope();
        var whole = zeros(2, 3);
        whole[1].add_(1);
        whole[TensorIndex.Colon, TensorIndex.Slice(0, 1)] = tensor(5f);
        Assert.Equal([5f, 0, 0, 5, 1, 1], whole.data<float>().ToArray());
    }
}
