using MlPerfEdu.Roofline.Count;
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
        var count = new StepCounter(5, 2, 9, 8)
            .Conv2d("first", 4, 3, stride: 2, padding: 1, bias: false).BatchNorm("norm").Relu("relu")
            .Conv2d("grouped", 8, 3, padding: 1, groups: 2).Relu("relu")
            .GlobalAveragePool("pool")
            .Linear("hidden", 6, bias: false).Relu("relu").Linear("head", 3).CrossEntropy()
            .Build();

        using var inputs = torch.rand(5, 2, 9, 8);
        using var labels = torch.zeros(5, torch.ScalarType.Int64);
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

    [Theory]
    [InlineData("[2, 3]", new long[] { 2, 3 })]
    [InlineData("[7]", new long[] { 7 })]
    [InlineData("[6, 5]/13", new long[] { 6, 5 })]
    [InlineData("(1,0)", new long[0])]
    [InlineData("[]", new long[0])]
    [InlineData("-", new long[0])]
    [InlineData("{[2][3]}", new long[0])]
    public void Shapes_are_read_as_the_provider_writes_them(string text, long[] expected) =>
        Assert.Equal(expected, TorchRecorder.ParseShape(text));

    [Theory]
    [InlineData("true", new long[] { 1 }, null)]
    [InlineData("false", new long[] { 0 }, null)]
    [InlineData("(2,1)", new long[] { 2, 1 }, null)]
    [InlineData("()", new long[0], null)]
    [InlineData("[6, 5]/13", new long[0], 13L)]
    [InlineData("[6, 5]", new long[0], null)]
    [InlineData("-", new long[0], null)]
    public void Other_arguments_are_read_as_the_provider_writes_them(string text, long[] values, long? stored)
    {
        var argument = TorchRecorder.ParseArgument(text);

        Assert.Equal(values, argument.Values);
        Assert.Equal(stored, argument.Stored);
    }

    static void Step(Module<torch.Tensor, torch.Tensor> model, torch.Tensor inputs, torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        functional.cross_entropy(model.forward(inputs), labels).backward();
    }
}
