using MlPerfEdu.Roofline.Count;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Roofline.Tests.Count;

public class SparseRowsCountTests
{
    [Fact]
    public void A_sparse_layer_multiplies_what_is_stored_and_has_all_its_weights()
    {
        var layer = SparseLinearCount.Of("linear", rows: 10, inputs: 100, outputs: 4, stored: 30, Gradients.First);

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
        using var stored = ones(30);
        Assert.Equal(3 * 30, Counting.Of(() => F.dropout(stored, 0.5, training: true)).Layers.Single().Forward.ElementwiseFlops);
    }

    [Fact]
    public void Chosen_rows_are_copied_and_their_gradients_put_back_among_zeros()
    {
        using var linear = Linear(6, 4);
        var count = Counting.Of(linear, zeros(10, 6), y => F.cross_entropy(F.rows(y, Models.Ids(3)), Models.Ids(3)));
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
        using var network = Linear(5, 3);
        var (plain, count) = (Count(ahead: false), Count(ahead: true));
        var row = count.Layers[1];

        Assert.Equal((2L * 8 * 5 * 3, 0L, 0L), (row.Forward.Flops, row.DataGradient.Flops, row.WeightGradient.Flops));
        Assert.Equal("linear, decide kernel", row.Kind);
        Assert.Empty(row.Operators);
        Assert.Equal((plain.Parameters, plain.OperatorCalls, plain.UniqueBytes),
            (count.Parameters, count.OperatorCalls, count.UniqueBytes));
        Assert.Equal(plain.Flops + 2 * 8 * 5 * 3, count.Flops);

        StepCount Count(bool ahead) => ModuleCounter.Count(8, counter =>
        {
            counter.Watch(network, "network");
            var x = zeros(8, 5);
            if (ahead)
                counter.OwnKernel("decide", () => network.call(x));
            F.mse_loss(network.call(x), zeros(8, 3));
        });
    }
}
