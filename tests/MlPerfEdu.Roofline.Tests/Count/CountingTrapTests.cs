using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>What other counters are known to get wrong, on layers small enough to count by hand.</summary>
public class CountingTrapTests
{
    [Fact]
    public void Transposed_convolution_counts_the_input_positions_in_all_three_passes()
    {
        var row = Row(ConvTranspose2d(4, 6, 2, stride: 2, groups: 2), [2, 4, 3, 5]);

        // 2×4×3×5 = 120 input elements spread 3 channels of 2×2 each; the result has 2×6×6×10 elements, six times as many as the input.
        Assert.Equal([2, 6, 6, 10], row.Output);
        Assert.Equal(120 * 3 * 4, row.ForwardMacs);
        Assert.Equal((2880L, 2880L, 2880L), (row.Forward.Flops, row.DataGradient.Flops, row.WeightGradient.Flops));
        Assert.Equal(4 * 3 * 2 * 2 + 6, row.Parameters);
        Assert.Equal(4 * (120 + 48 + 6 + 720), row.Forward.Bytes);
    }

    [Fact]
    public void Grouped_weight_gradient_costs_as_much_as_the_grouped_forward_pass()
    {
        var dense = Convolution(1);
        var grouped = Convolution(4);

        Assert.Equal(dense.WeightGradient.Flops, 4 * grouped.WeightGradient.Flops);
        Assert.Equal(dense.DataGradient.Flops, 4 * grouped.DataGradient.Flops);
        Assert.Equal(grouped.Forward.Flops, grouped.WeightGradient.Flops);

        static LayerCount Convolution(int groups) => Row(Conv2d(8, 8, 3, padding: 1, groups: groups, bias: false), [2, 8, 5, 5]);
    }

    [Fact]
    public void Products_with_padding_are_performed_and_counted() =>
        // 9 results of 9 products, of which 32 are with zeros around the image.
        Assert.Equal(81, Row(Conv2d(1, 1, 3, padding: 1, bias: false), [1, 1, 3, 3]).ForwardMacs);

    [Fact]
    public void Looking_up_multiplies_nothing_and_moves_the_rows_touched()
    {
        var row = Lookup(rows: 100, TableGradient.Dense, _ => { }).Layers[^1];

        Assert.Equal((0L, 0L, 0L), (row.ForwardMacs, row.Total.Flops, row.Forward.ElementwiseFlops));
        Assert.Empty(row.Operators);
        Assert.Equal(new Work(0, 0, 12 * 8 + 4 * (5 * 8 + 96), 1), row.Forward);
        // The dense gradient is as large as the table, and what is looked up is added to it.
        Assert.Equal(new Work(0, 96, 12 * 8 + 4 * (96 + 800 + 2 * 40), 2), row.WeightGradient);
        Assert.Equal(4 * (2 * 800 + 96), row.UniqueBytes);
    }

    [Fact]
    public void A_sparse_gradient_never_touches_the_rest_of_the_table()
    {
        var count = Sparse(1_000_000);
        var (row, update) = (count.Layers[^2], count.Layers[^1]);

        Assert.Equal(8_000_000, count.Parameters);
        Assert.Equal(Sparse(1000).Bytes, count.Bytes);
        Assert.Equal(Sparse(1000).UniqueBytes, count.UniqueBytes);
        Assert.Equal(4 * (5 * 8 + 2 * 96), row.UniqueBytes);
        // 96 listed numbers become 40 different ones; 13 operations and 7 words for each.
        Assert.Equal(new Work(0, 96 + 13 * 40, 4 * (96 + 40 + 7 * 40), 2), update.Optimizer);

        static StepCount Sparse(int rows) => Lookup(rows, TableGradient.Sparse, counter => counter.SparseAdam());
    }

    [Fact]
    public void Dense_and_sparse_parameters_have_an_optimizer_each()
    {
        var count = Models.SparseDlrm(256, 20_000, 200, update =>
        {
            update.Adam(UpdateStyle.Flat);
            update.SparseAdam();
        });

        Assert.Equal(20_000 * 256 + 208 + (512 + 8 + 1), count.Parameters);
        Assert.Equal(13 * (208 + 521), count.Layers.Single(layer => layer.Kind == "adam").Optimizer.ElementwiseFlops);
        Assert.Equal(2 * 256 * 256 + 13 * 2 * 200 * 256, count.Layers[^1].Optimizer.ElementwiseFlops);
        Assert.InRange(count.UniqueBytes, 1, 20_000_000);
    }

    [Fact]
    public void Tied_weights_are_stored_once_and_computed_wherever_they_are_used()
    {
        using Module<Tensor, Tensor> tokens = Embedding(11, 6), head = Linear(6, 11, hasBias: false);
        var tied = Head(x => F.linear(x, ((TorchSharp.Modules.Embedding)tokens).weight!));
        var free = Head(head.call);

        Assert.Equal((66L, 132L), (tied.Parameters, free.Parameters));
        Assert.Equal("tied linear", tied.Layers[^1].Kind);
        Assert.Equal(free.Flops, tied.Flops);
        Assert.Equal(2 * 4 * 66, free.UniqueBytes - tied.UniqueBytes);
        // The gradients from both uses are added.
        Assert.Equal(new Work(0, 66, 3 * 4 * 66, 1), Difference(tied.Layers[^1].WeightGradient, free.Layers[^1].WeightGradient));

        StepCount Head(Func<Tensor, Tensor> classify) =>
            Counting.Of(() => classify(tokens.call(Models.Ids(10))), ("tokens", tokens), ("head", head));
    }

    [Fact]
    public void A_table_used_by_two_layers_is_stored_once()
    {
        using var a = EmbeddingBag(100, 8, mode: EmbeddingBagMode.Sum);
        using var b = EmbeddingBag(100, 8, mode: EmbeddingBagMode.Sum);
        var (shared, apart) = (Two(a), Two(b));

        Assert.Equal((800L, 1600L), (shared.Parameters, apart.Parameters));
        Assert.Equal("shared embedding bag", shared.Layers[^2].Kind);
        Assert.Equal(2 * 4 * 800, apart.UniqueBytes - shared.UniqueBytes);

        StepCount Two(TorchSharp.Modules.EmbeddingBag second) => Counting.Of(
            () => F.cat([a.call(Models.Ids(3, 2)), second.call(Models.Ids(3, 2))], 1), ("a", a), ("b", b));
    }

    [Fact]
    public void Inputs_that_nothing_trained_made_need_no_gradient()
    {
        using var frozen = Sequential(Linear(4, 4), LayerNorm(4));
        foreach (var parameter in frozen.parameters())
            parameter.requires_grad = false;
        using var model = Sequential(frozen, ReLU(), Linear(4, 4), Linear(4, 2));
        var count = Counting.Of(model, zeros(3, 4));

        Assert.Equal([false, false, false, false, false, true], count.Layers.Select(layer => layer.DataGradient.Bytes > 0));
        Assert.Equal([false, false, false, false, true, true], count.Layers.Select(layer => layer.WeightGradient.Bytes > 0));
        Assert.Equal((20L + 8, 20L + 10), (count.FrozenParameters, count.Parameters));
    }

    [Fact]
    public void A_constant_adjacency_has_no_gradient()
    {
        using var adjacency = eye(6);
        using var transform = Linear(5, 4, hasBias: false);
        var count = Counting.Of(() => F.matmul(adjacency, transform.call(F.matmul(adjacency, zeros(6, 5)))), ("transform", transform));

        Assert.Equal([0L, 2 * 6 * 6 * 4], count.Layers.Where(layer => layer.Kind == "product").Select(layer => layer.DataGradient.Flops));
        var sparse = PropagationCount.Sparse("p", 6, 4, edges: 12, dataGradient: true);
        Assert.Equal((2L * 12 * 4, 2L * 12 * 4), (sparse.Forward.Flops, sparse.DataGradient.Flops));
    }

    [Fact]
    public void A_recurrent_layer_computes_gradients_that_nobody_asked_for()
    {
        using var lstm = LSTM(3, 5, batchFirst: true);
        var layers = Counting.Of(() => lstm.call(zeros(2, 7, 3), null).Item1, ("lstm", lstm)).Layers;
        var (input, hidden) = (layers[0], layers[1]);

        // 2×3×20 products of the input and 2×5×20 of the state a step, 7 steps; the first layer's input and the first state are nobody's result.
        Assert.Equal((7L * 240, 7L * 240, 7L * 240), (input.Forward.Flops, input.DataGradient.Flops, input.WeightGradient.Flops));
        Assert.Equal((7L * 400, 7L * 400, 7L * 400), (hidden.Forward.Flops, hidden.DataGradient.Flops, hidden.WeightGradient.Flops));
        Assert.Equal(5 * 20 + 20, hidden.Parameters);
    }

    // The row of a layer whose input something trained made.
    static LayerCount Row(Module<Tensor, Tensor> layer, long[] input) =>
        Counting.Of(() => layer.call(zeros(input, requires_grad: true)), ("layer", layer)).Layers[^1];

    static StepCount Lookup(int rows, TableGradient gradient, Action<ModuleCounter> update)
    {
        using var table = Embedding(rows, 8);
        return ModuleCounter.Count(2, counter =>
        {
            counter.Table("e", uniqueRows: 5, gradient);
            counter.Watch(table, "e").call(Models.Ids(2, 6));
            update(counter);
        });
    }

    static Work Difference(Work left, Work right) => left + right.Times(-1);
}
