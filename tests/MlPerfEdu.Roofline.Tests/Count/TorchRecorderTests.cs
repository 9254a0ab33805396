using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Recording sees every thread, so nothing else may use libtorch meanwhile.</summary>
[Collection("libtorch")]
public class TorchRecorderTests
{
    [Fact]
    public void What_libtorch_runs_in_a_step_equals_the_structural_count()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null)
        {
            Assert.Throws<NotSupportedException>(() => recorder.Record(() => { }));
            return;
        }

        // Grouped, strided and padded; a first layer; linear layers with and without bias.
        using var model = Sequential(
            Conv2d(2, 4, 3, stride: 2, padding: 1, bias: false), BatchNorm2d(4), ReLU(),
            Conv2d(4, 8, 3, padding: 1, groups: 2), ReLU(),
            AdaptiveAvgPool2d(1), Flatten(),
            Linear(8, 6, hasBias: false), ReLU(), Linear(6, 3));
        using var inputs = torch.rand(5, 2, 9, 8);
        using var labels = torch.zeros(5, torch.ScalarType.Int64);
        var count = Counting.Of(model, inputs, logits => Counted.cross_entropy(logits, labels));
        var recorded = recorder.Record(() => Step(model, inputs, labels));

        Assert.Empty(RecordedCount.Differences(count, recorded));
        Assert.Equal(count.Parameters, model.parameters().Sum(parameter => parameter.numel()));
        // Views, copies of gradients and the like come on top.
        Assert.InRange(recorded.Sum(row => row.OutermostCalls), count.OperatorCalls, 6 * count.OperatorCalls);
        Assert.All(recorded, row => Assert.InRange(row.OutermostCalls, 0, row.Calls));
    }

    [Fact]
    public void A_recording_ends_even_when_the_step_fails()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null)
            return;
        Assert.Throws<InvalidOperationException>(() => recorder.Record(() => throw new InvalidOperationException()));

        Assert.Contains(recorder.Record(() => torch.ones(3).Dispose()), row => row.Name == "aten::ones");
    }

    [Fact]
    public void Sparse_tensors_are_recorded_with_what_they_store()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null)
            return;
        using var sparse = torch.eye(6).to_sparse();
        using var dense = torch.rand(6, 2);

        var recorded = recorder.Record(() => sparse.mm(dense).Dispose());

        var product = recorded.Single(row => row.Name == "aten::_sparse_addmm");
        Assert.Equal(6, product.Arguments[1].Stored);
        Assert.Null(product.Arguments[2].Stored);
    }

    [Fact]
    public void Flags_and_lists_are_recorded_and_backward_functions_call_nothing()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null)
            return;
        using var weight = torch.rand([4, 2, 3, 3], requires_grad: true);
        using var input = torch.rand(1, 2, 8, 8);

        var recorded = recorder.Record(() => functional.conv2d(input, weight, padding: [1, 1]).sum().backward());

        var forward = recorded.Single(row => row.Name == "aten::convolution");
        Assert.Equal([1, 1], forward.Arguments[4].Values);
        Assert.Equal([0], forward.Arguments[6].Values);
        var backward = recorded.Single(row => row.Name == "aten::convolution_backward");
        Assert.Equal([0, 1, 0], backward.Arguments[^1].Values);
        Assert.Equal(1, backward.OutermostCalls);
        Assert.DoesNotContain(recorded, row => row.Name.StartsWith("autograd::engine::", StringComparison.Ordinal));
    }

    static void Step(Module<torch.Tensor, torch.Tensor> model, torch.Tensor inputs, torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        functional.cross_entropy(model.forward(inputs), labels).backward();
    }
}
