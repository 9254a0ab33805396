using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

public class StepCounterTests
{
    [Fact]
    public void Totals_are_the_sums_of_the_rows()
    {
        var count = Models.DsCnn(4).ClipGradientNorm(UpdateStyle.Flat).AdamW(UpdateStyle.Flat).Build();

        Assert.Equal(14 * 19_932 + 3 * 19_932, count.OptimizerFlops);
        Assert.Equal(count.Layers.Sum(layer => layer.Forward.ElementwiseFlops + layer.DataGradient.ElementwiseFlops + layer.WeightGradient.ElementwiseFlops), count.ElementwiseFlops);
        Assert.Equal(count.Layers.Sum(layer => layer.Forward.Bytes + layer.DataGradient.Bytes + layer.WeightGradient.Bytes + layer.Optimizer.Bytes), count.Bytes);
        Assert.Equal((double)count.Flops / count.Bytes, count.FlopsPerByte);
    }

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(5, 1, 5)]
    [InlineData(0, 4, 0)]
    [InlineData(6, 4, 1.5)]
    public void Without_traffic_there_are_no_FLOPs_per_byte(long flops, long bytes, double expected)
    {
        var count = new StepCount(1, [new LayerCount { Layer = "only", Kind = "linear", Output = [1], Forward = new Work(flops, 0, bytes, 1) }]);

        Assert.Equal(expected, count.FlopsPerByte);
    }

    [Fact]
    public void Optimizer_sees_every_tensor_of_parameters()
    {
        // Two linear layers with bias and a norm: six tensors.
        var count = new StepCounter(2, 3).Linear("a", 4).BatchNorm("n").Linear("b", 5).AdamW(UpdateStyle.PerTensor).Build();

        Assert.Equal(9 * 6, count.Layers[^1].Optimizer.Calls);
        Assert.Equal(2 * 4 * count.Parameters, count.Layers[^1].UniqueBytes);
    }

    [Fact]
    public void Linear_keeps_leading_dimensions()
    {
        var count = new StepCounter(2, 7, 3).Linear("a", 5).Build();

        Assert.Equal([2, 7, 5], count.Layers[^1].Output);
        Assert.Equal(2 * 7 * 3 * 5, count.ForwardMacs);
    }

    [Fact]
    public void Flatten_moves_nothing()
    {
        var counter = new StepCounter(2, 3, 4, 5).Flatten();

        Assert.Equal([2, 60], counter.Shape);
        Assert.Single(counter.Build().Layers);
    }

    [Fact]
    public void Residual_counts_both_branches_the_sum_and_the_gradient_at_the_fork()
    {
        var count = new StepCounter(1, 2, 4, 4)
            .Conv2d("stem", 2, 1, bias: false)
            .Residual("sum", body => body.Conv2d("body", 2, 3, padding: 1, bias: false), shortcut => shortcut.Conv2d("side", 2, 1, bias: false))
            .Build();

        Assert.Equal(["input", "stem", "body", "side", "sum"], count.Layers.Select(layer => layer.Layer));
        Assert.All(count.Layers.Skip(2).Take(2), layer => Assert.True(layer.DataGradient.Flops > 0));
        Assert.Equal((new Work(0, 32, 384, 1), new Work(0, 32, 384, 1)), (count.Layers[^1].Forward, count.Layers[^1].DataGradient));
    }

    [Fact]
    public void Both_branches_of_a_fork_at_the_input_come_first()
    {
        var count = new StepCounter(1, 2, 4, 4)
            .Residual("sum", body => body.Conv2d("body", 2, 1), shortcut => shortcut.Conv2d("side", 2, 1))
            .Conv2d("next", 2, 1)
            .Build();

        Assert.Equal([false, false, true], count.Layers.Where(layer => layer.ForwardMacs > 0).Select(layer => layer.DataGradient.Flops > 0));
        Assert.Equal(default, count.Layers.Single(layer => layer.Layer == "sum").DataGradient);
    }

    [Fact]
    public void Layers_that_do_not_fit_are_named_with_their_shapes()
    {
        var branches = Assert.Throws<InvalidOperationException>(
            () => new StepCounter(1, 2, 4, 4).Residual("sum", body => body.Conv2d("c", 3, 1)));
        var flat = Assert.Throws<InvalidOperationException>(() => new StepCounter(1, 8).Conv2d("c", 3, 1));
        var groups = Assert.Throws<ArgumentException>(() => new StepCounter(1, 3, 4, 4).Conv2d("c", 4, 1, groups: 2));
        var kernel = Assert.Throws<ArgumentException>(() => new StepCounter(1, 3, 4, 4).Conv2d("c", 4, 5));

        Assert.Contains("'sum' adds shapes 1x3x4x4 and 1x2x4x4", branches.Message, StringComparison.Ordinal);
        Assert.Contains("'c' gets a result of shape 1x8; it needs 4", flat.Message, StringComparison.Ordinal);
        Assert.Contains("2 groups do not divide 3 input", groups.Message, StringComparison.Ordinal);
        Assert.Contains("5x5 kernel does not fit an input of 4x4", kernel.Message, StringComparison.Ordinal);
    }
}
