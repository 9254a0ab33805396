using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Roofline.Tests.Count;

public class ModuleCounterTests
{
    [Fact]
    public void Totals_are_the_sums_of_the_rows()
    {
        var count = Models.DsCnn(4, update =>
        {
            update.ClipGradientNorm(UpdateStyle.Flat);
            update.AdamW(UpdateStyle.Flat);
        });

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
        using var model = Sequential(Linear(3, 4), BatchNorm1d(4), Linear(4, 5));
        var count = Counting.Of(model, zeros(2, 3), update: counter => counter.AdamW(UpdateStyle.PerTensor));

        Assert.Equal(9 * 6, count.Layers[^1].Optimizer.Calls);
        Assert.Equal(2 * 4 * count.Parameters, count.Layers[^1].UniqueBytes);
    }

    [Fact]
    public void Linear_keeps_leading_dimensions_and_flatten_moves_nothing()
    {
        using var model = Sequential(Linear(3, 5), Flatten());
        var count = Counting.Of(model, zeros(2, 7, 3));

        Assert.Equal([2, 7, 5], count.Layers[^1].Output);
        Assert.Equal(2 * 7 * 3 * 5, count.ForwardMacs);
    }

    [Fact]
    public void A_residual_counts_both_branches_the_sum_and_the_gradient_at_the_fork()
    {
        using var model = Sequential(
            Conv2d(2, 2, 1, bias: false), Models.Residual(Conv2d(2, 2, 3, padding: 1, bias: false), Conv2d(2, 2, 1, bias: false)),
            Models.Residual(Conv2d(2, 2, 1, bias: false)));
        var layers = Counting.Of(model, zeros(1, 2, 4, 4)).Layers;
        var again = new Work(0, 32, 384, 1);

        Assert.Equal(["input", "0", "1.0", "1.1", "1.add", "2.0", "2.add"], layers.Select(layer => layer.Layer));
        // The layer that reads a tensor for the second time adds its gradient to the first one's.
        Assert.Equal((0L, 32L), (layers[2].DataGradient.ElementwiseFlops, layers[3].DataGradient.ElementwiseFlops));
        Assert.Equal((again, default(Work)), (layers[4].Forward, layers[4].DataGradient));
        Assert.Equal((again, again), (layers[6].Forward, layers[6].DataGradient));
    }

    [Fact]
    public void Both_branches_of_a_fork_at_the_input_come_first()
    {
        using var model = Sequential(Models.Residual(Conv2d(2, 2, 1), Conv2d(2, 2, 1)), Conv2d(2, 2, 1));
        var count = Counting.Of(model, zeros(1, 2, 4, 4));

        Assert.Equal([false, false, true], count.Layers.Where(layer => layer.ForwardMacs > 0).Select(layer => layer.DataGradient.Flops > 0));
        Assert.Equal(default, count.Layers.Single(layer => layer.Kind == "add").DataGradient);
    }

    [Fact]
    public void A_view_is_the_tensor_that_it_shows_and_a_part_is_another()
    {
        using var l = Linear(3, 4);
        var count = Counting.Of(() =>
        {
            var x = l.call(zeros(2, 3));
            F.relu(x.narrow(0, 0, 1));
            F.relu(x);
            return F.relu(x.view(8));
        }, ("l", l));

        Assert.Equal([1, 1, 2], count.Layers.Where(layer => layer.Kind == "relu").Select(layer => layer.DataGradient.Calls));
    }

    [Fact]
    public void What_is_written_in_place_is_no_second_reading()
    {
        using var model = Sequential(Linear(3, 4), ReLU(inplace: true), Linear(4, 2));
        var layers = Counting.Of(model, zeros(2, 3)).Layers;

        Assert.Equal((0L, 1L), (layers[2].UniqueBytes, layers[3].DataGradient.Calls));
    }

    [Fact]
    public void Counting_leaves_the_random_stream_and_calls_as_they_were()
    {
        using var model = Sequential(Linear(3, 4), Dropout());
        random.manual_seed(3);
        var expected = rand(4).data<float>().ToArray();
        random.manual_seed(3);
        Counting.Of(model, zeros(2, 3), _ => rand(5));

        Assert.Equal(expected, rand(4).data<float>().ToArray());
        Assert.Null(ModuleCounter.Active);
        // Hooks that were left would count in the wrong place, or fail.
        Assert.Equal(3, Counting.Of(model, zeros(2, 3)).Layers.Count);
    }

    [Fact]
    public void Shapes_alone_count_the_same_as_numbers()
    {
        Assert.Equal(Render(false), Render(true));

        static string Render(bool shapesOnly) => string.Join('\n', ModuleCounter.Count(5, shapesOnly: shapesOnly, step: counter =>
        {
            var table = Parameter(zeros(7, 4));
            var x = F.embedding(zeros(5, int64), table);
            var y = F.add(x, F.gelu(F.linear(x, Parameter(zeros(4, 4)))));
            F.cross_entropy(F.linear(y, table), zeros(5, int64));
            counter.Adam(UpdateStyle.Flat);
        }).Layers);
    }
}
