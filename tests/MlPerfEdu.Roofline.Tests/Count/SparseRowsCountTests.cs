using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

public class SparseRowsCountTests
{
    [Fact]
    public void A_sparse_layer_multiplies_what_is_stored_and_has_all_its_weights()
    {
        var layer = StepCounter.OfSparseRows(10, 100, stored: 30).DropoutOfStored("dropout").SparseLinear("linear", 4).Build().Layers[^1];

        Assert.Equal([10, 4], layer.Output);
        Assert.Equal(400, layer.Parameters);
        Assert.Equal((2L * 30 * 4, 0L, 2L * 30 * 4), (layer.Forward.Flops, layer.DataGradient.Flops, layer.WeightGradient.Flops));
        // Values with two indices of eight bytes each, the weights, the result.
        Assert.Equal(30 * 20 + 4 * (400 + 40), layer.Forward.Bytes);
        Assert.Equal(4 * (2 * 400 + 40), layer.UniqueBytes);
    }

    [Fact]
    public void Only_stored_numbers_are_drawn_for()
    {
        var dropout = StepCounter.OfSparseRows(10, 100, stored: 30).DropoutOfStored("dropout").Build().Layers[^1];
        Assert.Equal(3 * 30, dropout.Forward.ElementwiseFlops);
    }

    [Fact]
    public void Chosen_rows_are_copied_and_their_gradients_put_back_among_zeros()
    {
        var count = new StepCounter(10, 6).Linear("linear", 4).Rows("rows", 3).CrossEntropy().Build();
        var rows = count.Layers[2];

        Assert.Equal([3, 4], rows.Output);
        Assert.Equal(2 * 4 * 12 + 8 * 3, rows.Forward.Bytes);
        Assert.Equal(4 * (40 + 3 * 12) + 8 * 3, rows.DataGradient.Bytes);
        // The loss sees three rows only.
        Assert.Equal(5 * 12 + 3 + 3, count.Layers[3].Forward.ElementwiseFlops);
    }

    [Fact]
    public void A_kernel_of_our_own_counts_work_and_nothing_that_libtorch_would_do()
    {
        var plain = new StepCounter(8, 5).Linear("network", 3).MeanSquaredError().Build();
        var count = new StepCounter(8, 5).OwnKernel("decide", kernel => kernel.Linear("ahead", 3))
            .Linear("network", 3).MeanSquaredError().Build();
        var ahead = count.Layers[1];

        Assert.Equal((2L * 8 * 5 * 3, 0L, 0L), (ahead.Forward.Flops, ahead.DataGradient.Flops, ahead.WeightGradient.Flops));
        Assert.Equal("linear, decide kernel", ahead.Kind);
        Assert.Empty(ahead.Operators);
        Assert.Equal((plain.Parameters, plain.OperatorCalls, plain.UniqueBytes),
            (count.Parameters, count.OperatorCalls, count.UniqueBytes));
        Assert.Equal(plain.Flops + 2 * 8 * 5 * 3, count.Flops);
    }
}
