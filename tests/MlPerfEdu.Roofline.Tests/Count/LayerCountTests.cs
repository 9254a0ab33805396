using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Small layers whose every number was worked out by hand.</summary>
public class LayerCountTests
{
    [Fact]
    public void Linear()
    {
        var layer = LinearCount.Of("fc", rows: 2, inputs: 3, outputs: 5, bias: true, Gradients.Both);

        Assert.Equal(20, layer.Parameters);
        Assert.Equal(30, layer.ForwardMacs);
        Assert.Equal(new Work(60, 10, 4 * (6 + 15 + 5 + 10), 1), layer.Forward);
        Assert.Equal(new Work(60, 0, 4 * (10 + 15 + 6), 1), layer.DataGradient);
        Assert.Equal(new Work(60, 10, 4 * (6 + 10 + 15) + 4 * (10 + 5), 2), layer.WeightGradient);
        Assert.Equal(4 * (2 * 20 + 10), layer.UniqueBytes);
    }

    [Fact]
    public void Linear_that_comes_first_has_no_data_gradient_and_one_product_fewer()
    {
        var layer = LinearCount.Of("fc", 2, 3, 5, bias: false, Gradients.First);

        Assert.Equal(default, layer.DataGradient);
        Assert.Equal(new Work(60, 0, 4 * (6 + 10 + 15), 1), layer.WeightGradient);
        Assert.Equal([new OperatorCount(OperatorKey.Matmul(60), 2, 120)], layer.Operators);
    }

    [Fact]
    public void Grouped_convolution_with_stride_and_padding()
    {
        var shape = new ConvolutionShapes(Input: [2, 4, 5, 7], Weight: [6, 2, 3, 3], Output: [2, 6, 3, 5]);
        var layer = ConvolutionCount.Of("conv", shape, bias: true, Gradients.Both);

        // Result 2×6×3×5 = 180; each from 2 channels × 3 × 3 = 18. Weights 6 × 18 = 108. Input 280.
        Assert.Equal([2, 6, 3, 5], layer.Output);
        Assert.Equal(108 + 6, layer.Parameters);
        Assert.Equal(180 * 18, layer.ForwardMacs);
        Assert.Equal(new Work(6480, 180, 4 * (280 + 108 + 6 + 180), 1), layer.Forward);
        Assert.Equal(new Work(6480, 0, 4 * (180 + 108 + 280), 0), layer.DataGradient);
        Assert.Equal(new Work(6480, 180, 4 * (280 + 180 + 108 + 6), 1), layer.WeightGradient);
        Assert.Equal(4 * (2 * 114 + 180), layer.UniqueBytes);
    }

    [Theory]
    [InlineData(1, 3, "conv")]
    [InlineData(1, 1, "pointwise conv")]
    [InlineData(8, 3, "depthwise conv")]
    [InlineData(2, 3, "grouped conv")]
    public void Convolutions_are_called_by_their_kind(int groups, int kernel, string kind) =>
        Assert.Equal(kind, new ConvolutionShapes([1, 8, 9, 9], [8, 8 / groups, kernel, kernel], [1, 8, 9, 9]).Kind);

    [Fact]
    public void Batch_norm()
    {
        var layer = BatchNormCount.Of("norm", [2, 3, 4, 5], Gradients.Both);

        Assert.Equal(6, layer.Parameters);
        Assert.Equal(new Work(0, 8 * 120 + 1, 4 * (240 + 24) + 16, 2), layer.Forward);
        Assert.Equal(new Work(0, 9 * 120, 4 * (360 + 15), 1), layer.DataGradient);
        Assert.Equal(4 * (120 + 24) + 8, layer.UniqueBytes);
    }

    [Fact]
    public void Relu_in_place_touches_no_new_bytes_but_moves_as_many()
    {
        var plain = ElementwiseCount.Of("relu", "relu", [2, 5], 1, 1, inPlace: false, dataGradient: true);
        var inPlace = ElementwiseCount.Of("relu", "relu", [2, 5], 1, 1, inPlace: true, dataGradient: true);

        Assert.Equal(new Work(0, 10, 80, 1), plain.Forward);
        Assert.Equal(new Work(0, 10, 120, 1), plain.DataGradient);
        Assert.Equal(plain.Total, inPlace.Total);
        Assert.Equal((40L, 0L), (plain.UniqueBytes, inPlace.UniqueBytes));
    }

    [Fact]
    public void Pooling()
    {
        IReadOnlyList<long> input = [2, 3, 4, 4];
        var global = PoolingCount.GlobalAverage("gap", input, dataGradient: true);
        var average = PoolingCount.Average("avg", input, [2, 3, 2, 2], [2, 2], dataGradient: true);
        var max = PoolingCount.Max("max", input, [2, 3, 2, 2], [2, 2], dataGradient: true);

        Assert.Equal((new Work(0, 96, 4 * 102, 1), new Work(0, 96, 4 * 102, 1), 24L), (global.Forward, global.DataGradient, global.UniqueBytes));
        Assert.Equal((new Work(0, 96, 4 * 120, 1), new Work(0, 96, 4 * 120, 1), 96L), (average.Forward, average.DataGradient, average.UniqueBytes));
        // A maximum also writes, and later reads, its position: 8 bytes each.
        Assert.Equal((new Work(0, 96, 4 * 120 + 192, 1), new Work(0, 24, 4 * 120 + 192, 1), 288L), (max.Forward, max.DataGradient, max.UniqueBytes));
    }

    [Fact]
    public void Losses()
    {
        var own = LossCount.MeanSquaredError("mse", [2, 5], targetIsInput: true);
        var other = LossCount.MeanSquaredError("mse", [2, 5], targetIsInput: false);
        var entropy = LossCount.CrossEntropy("ce", [2, 5]);

        Assert.Equal((new Work(0, 30, 4 * 21, 1), new Work(0, 30, 4 * 31, 1)), (own.Forward, own.DataGradient));
        Assert.Equal((4L, 44L), (own.UniqueBytes, other.UniqueBytes));
        Assert.Equal(new Work(0, 52 + 2, 80 + 24 + 4, 2), entropy.Forward);
        Assert.Equal(new Work(0, 2 + 40, 44 + 16 + 120, 2), entropy.DataGradient);
        Assert.Equal(4 * 11 + 16, entropy.UniqueBytes);
    }

    [Fact]
    public void Optimizers_over_ten_parameters_in_two_tensors()
    {
        Work Flat(LayerCount layer) => layer.Optimizer;

        Assert.Equal(new Work(0, 140, 280, 1), Flat(OptimizerCount.AdamW("o", 10, 2, UpdateStyle.Flat)));
        Assert.Equal(new Work(0, 140, 880, 18), Flat(OptimizerCount.AdamW("o", 10, 2, UpdateStyle.PerTensor)));
        Assert.Equal(new Work(0, 130, 280, 1), Flat(OptimizerCount.Adam("o", 10, 2, UpdateStyle.Flat)));
        Assert.Equal(new Work(0, 150, 920, 18), Flat(OptimizerCount.Adam("o", 10, 2, UpdateStyle.PerTensor, weightDecay: true)));
        Assert.Equal(new Work(0, 20, 120, 2), Flat(OptimizerCount.Sgd("o", 10, 2, UpdateStyle.PerTensor)));
        Assert.Equal(new Work(0, 40, 200, 1), Flat(OptimizerCount.Sgd("o", 10, 2, UpdateStyle.Flat, momentum: true)));
        Assert.Equal(new Work(0, 30, 120, 2), Flat(OptimizerCount.ClipGradientNorm("c", 10, 2, UpdateStyle.Flat)));
        Assert.Equal(new Work(0, 30, 120, 5), Flat(OptimizerCount.ClipGradientNorm("c", 10, 2, UpdateStyle.PerTensor)));
        Assert.Equal((80L, 40L, 0L), (
            OptimizerCount.AdamW("o", 10, 2, UpdateStyle.Flat).UniqueBytes,
            OptimizerCount.Sgd("o", 10, 2, UpdateStyle.Flat, momentum: true).UniqueBytes,
            OptimizerCount.Sgd("o", 10, 2, UpdateStyle.Flat).UniqueBytes));
    }

    [Fact]
    public void Muon_multiplies_the_rows_of_a_block_twice_and_their_products_in_between()
    {
        // Three blocks of two rows of five numbers: x·xᵀ and the last product 120 FLOP each; with three iterations nine of 2x2 by 2x2, 48 each.
        var count = MuonCount.Of("o", [new(3, 2, 5)], iterations: 3);
        Assert.Equal(2 * 120 + 9 * 48, count.Optimizer.Flops);
        Assert.Equal(9 * 30 + 2 * 12 + 3 * 3 * 12, count.Optimizer.ElementwiseFlops);
        Assert.Equal(4 + 2 + 3 * 2 + 2 + 9, count.Optimizer.Calls);
        Assert.Equal(4 * 30, count.UniqueBytes);
        Assert.Equal([new(OperatorKey.Matmul(120), 2, 240), new(OperatorKey.Matmul(48), 9, 432)], count.Operators);
    }
}
