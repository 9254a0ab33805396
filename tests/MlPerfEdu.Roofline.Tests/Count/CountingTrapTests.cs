using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>What other counters are known to get wrong, on layers small enough to count by hand.</summary>
public class CountingTrapTests
{
    [Fact]
    public void Transposed_convolution_counts_the_input_positions_in_all_three_passes()
    {
        var row = new StepCounter(2, 4, 3, 5).Bias("before").ConvTranspose2d("up", 6, 2, stride: 2, groups: 2).Build().Layers[^1];

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

        static LayerCount Convolution(int groups) =>
            new StepCounter(2, 8, 5, 5).Bias("before").Conv2d("c", 8, 3, padding: 1, groups: groups, bias: false).Build().Layers[^1];
    }

    [Fact]
    public void Products_with_padding_are_performed_and_counted()
    {
        var row = new StepCounter(1, 1, 3, 3).Conv2d("c", 1, 3, padding: 1, bias: false).Build().Layers[^1];

        // 9 results of 9 products, of which 32 are with zeros around the image.
        Assert.Equal(81, row.ForwardMacs);
    }

    [Fact]
    public void Looking_up_multiplies_nothing_and_moves_the_rows_touched()
    {
        var row = StepCounter.OfTokens(2, 6).Embedding("e", rows: 100, width: 8, uniqueRows: 5).Build().Layers[^1];

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

        static StepCount Sparse(long rows) =>
            StepCounter.OfTokens(2, 6).Embedding("e", rows, 8, uniqueRows: 5, TableGradient.Sparse).SparseAdam().Build();
    }

    [Fact]
    public void Dense_and_sparse_parameters_have_an_optimizer_each()
    {
        var count = Models.MicroDlrmDram(256, 200).Adam(UpdateStyle.Flat).SparseAdam().Build();

        Assert.Equal(512_000_000 + 208 + (512 + 8 + 1), count.Parameters);
        Assert.Equal(13 * (208 + 521), count.Layers.Single(layer => layer.Kind == "adam").Optimizer.ElementwiseFlops);
        Assert.Equal(2 * 256 * 256 + 13 * 2 * 200 * 256, count.Layers[^1].Optimizer.ElementwiseFlops);
        Assert.InRange(count.UniqueBytes, 1, 20_000_000);
    }

    [Fact]
    public void Tied_weights_are_stored_once_and_computed_wherever_they_are_used()
    {
        var tied = Head(counter => counter.TiedLinear("head", 11));
        var free = Head(counter => counter.Linear("head", 11, bias: false));

        Assert.Equal((66L, 132L), (tied.Parameters, free.Parameters));
        Assert.Equal(free.Flops, tied.Flops);
        Assert.Equal(2 * 4 * 66, free.UniqueBytes - tied.UniqueBytes);
        // The gradients from both uses are added.
        Assert.Equal(new Work(0, 66, 3 * 4 * 66, 1), Difference(tied.Layers[^1].WeightGradient, free.Layers[^1].WeightGradient));

        static StepCount Head(Action<StepCounter> head)
        {
            var counter = StepCounter.OfTokens(2, 5).Embedding("tokens", 11, 6);
            head(counter);
            return counter.Build();
        }
    }

    [Fact]
    public void A_table_used_by_two_layers_is_stored_once()
    {
        var shared = Two(true);
        var apart = Two(false);

        Assert.Equal((800L, 1600L), (shared.Parameters, apart.Parameters));
        Assert.Equal(2 * 4 * 800, apart.UniqueBytes - shared.UniqueBytes);

        static StepCount Two(bool shared) => new StepCounter(3, 1)
            .Concat(
                "join",
                a => a.Tokens("a", 2).EmbeddingBag("bag a", 100, 8),
                b => b.Tokens("b", 2).EmbeddingBag("bag b", 100, 8, shared: shared))
            .Build();
    }

    [Fact]
    public void Inputs_that_nothing_trained_made_need_no_gradient()
    {
        var first = new StepCounter(2, 3, 4).Relu("relu").SelfAttention("attention", new AttentionShape(2)).Build();
        var frozen = new StepCounter(2, 3, 4)
            .Frozen(all => all.SelfAttention("attention", new AttentionShape(2)).LayerNorm("norm")).Linear("head", 2).Build();

        Assert.Equal([false, false, true, true, true, true], first.Layers.Skip(1).Select(layer => layer.DataGradient.Bytes > 0));
        Assert.All(frozen.Layers.SkipLast(1), layer => Assert.Equal((default, default), (layer.DataGradient, layer.WeightGradient)));
        Assert.Equal((0L, frozen.Layers[^1].Forward.Flops), (frozen.DataGradientFlops, frozen.WeightGradientFlops));
    }

    [Fact]
    public void A_constant_adjacency_has_no_gradient()
    {
        var dense = new StepCounter(6, 5).Propagate("before anything trained").GraphConvolution("g", 4).Build();
        var sparse = new StepCounter(6, 5).GraphConvolution("g", 4, edges: 12).Build();

        Assert.Equal([0L, 2 * 6 * 6 * 4], dense.Layers.Where(layer => layer.Kind == "propagation").Select(layer => layer.DataGradient.Flops));
        Assert.Equal((2L * 12 * 4, 2L * 12 * 4), (sparse.Layers[2].Forward.Flops, sparse.Layers[2].DataGradient.Flops));
    }

    [Fact]
    public void A_recurrent_layer_computes_gradients_that_nobody_asked_for()
    {
        var layers = new StepCounter(2, 7, 3).Lstm("lstm", 5).Build().Layers;
        var (input, hidden) = (layers[1], layers[2]);

        // 2×3×20 products of the input and 2×5×20 of the state a step, 7 steps; the first layer's input and the first state are nobody's result.
        Assert.Equal((7L * 240, 7L * 240, 7L * 240), (input.Forward.Flops, input.DataGradient.Flops, input.WeightGradient.Flops));
        Assert.Equal((7L * 400, 7L * 400, 7L * 400), (hidden.Forward.Flops, hidden.DataGradient.Flops, hidden.WeightGradient.Flops));
        Assert.Equal(5 * 20 + 20, hidden.Parameters);
    }

    static Work Difference(Work left, Work right) => left + right.Times(-1);
}
