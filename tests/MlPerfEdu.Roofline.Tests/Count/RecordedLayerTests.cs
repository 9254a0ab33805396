using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>What libtorch runs for each kind of layer, forward and backward, is what the layer counts.</summary>
[Collection("libtorch")]
public class RecordedLayerTests
{
    [Theory]
    [InlineData(1, 1, 0, 1, false)]
    [InlineData(2, 3, 1, 2, false)]
    [InlineData(4, 3, 1, 1, true)]
    public void Convolutions(int groups, int kernel, int padding, int stride, bool inputGradient)
    {
        using var layer = Conv2d(4, 8, kernel, stride: stride, padding: padding, groups: groups);
        using var next = Conv2d(8, 2, (1, 3), bias: false);
        using var x = rand([3, 4, 7, 6], requires_grad: inputGradient);
        Counting.IsRecorded(() => next.call(layer.call(x)), ("layer", layer), ("next", next));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Convolutions_over_sequences(int groups, bool inputGradient)
    {
        using var layer = Conv1d(4, 6, 3, stride: 2, padding: 1, groups: groups);
        using var x = rand([3, 4, 11], requires_grad: inputGradient);
        Counting.IsRecorded(() => layer.call(x), ("layer", layer));
    }

    [Theory]
    [InlineData(1, 2, 2, 0, 0, false)]
    [InlineData(2, 3, 2, 1, 1, true)]
    [InlineData(1, 3, 1, 1, 0, true)]
    public void Transposed_convolutions(int groups, int kernel, int stride, int padding, int outputPadding, bool inputGradient)
    {
        using var layer = ConvTranspose2d(4, 6, kernel, stride: stride, padding: padding, output_padding: outputPadding, groups: groups);
        using var x = rand([3, 4, 5, 7], requires_grad: inputGradient);
        Counting.IsRecorded(() => layer.call(x), ("layer", layer));
    }

    [Fact]
    public void Tied_weights_are_multiplied_twice_and_stored_once()
    {
        using var table = Embedding(11, 6);
        using var ids = arange(0, 10, dtype: int64);
        Counting.IsRecorded(() => F.linear(table.call(ids), table.weight!), ("table", table));
    }

    [Fact]
    public void Embedding_bags_multiply_nothing()
    {
        using var bag = EmbeddingBag(7, 4, mode: EmbeddingBagMode.Sum);
        using var dense = Linear(3, 4);
        using var ids = ones([5, 2], int64);
        using var x = rand(5, 3);
        Counting.IsRecorded(() => F.cat([dense.call(x), bag.call(ids)], 1), ("dense", dense), ("bag", bag));
    }

    [Theory]
    [InlineData(4, true, true)]
    [InlineData(4, false, false)]
    [InlineData(2, true, false)]
    public void Attention(int keyValueHeads, bool causal, bool inputGradient)
    {
        const int batch = 2, positions = 5, width = 12, heads = 4, head = width / heads;
        using var q = Linear(width, width);
        using var k = Linear(width, head * keyValueHeads);
        using var v = Linear(width, head * keyValueHeads);
        using var o = Linear(width, width);
        using var x = rand([batch, positions, width], requires_grad: inputGradient);
        Counting.IsRecorded(
            () =>
            {
                var scores = F.matmul(Heads(q.call(x), heads), Grouped(k.call(x)).transpose(-2, -1), "scores") * (1 / Math.Sqrt(head));
                if (causal)
                    scores += full(positions, positions, float.NegativeInfinity).triu(1);
                var attended = F.matmul(F.softmax(scores, isScaled: true, causal), Grouped(v.call(x)), "values");
                return o.call(attended.transpose(1, 2).reshape(batch, positions, width));
            },
            ("q", q), ("k", k), ("v", v), ("o", o));

        Tensor Heads(Tensor rows, int count) => rows.view(batch, positions, count, head).transpose(1, 2);

        Tensor Grouped(Tensor rows) => Heads(rows, keyValueHeads).repeat_interleave(heads / keyValueHeads, 1);
    }

    [Fact]
    public void Decoding_with_a_cache()
    {
        const int batch = 3, cached = 6, width = 8, heads = 2, head = width / heads;
        using var qkv = Linear(width, 3 * width);
        using var o = Linear(width, width);
        using var x = rand(batch, 1, width);
        using var keys = rand(batch, heads, cached, head);
        using var values = rand(batch, heads, cached, head);
        var counted = Counting.IsRecordedInInference(
            () =>
            {
                var parts = qkv.call(x).view(batch, 1, 3, heads, head).permute(2, 0, 3, 1, 4);
                var (k, v) = (cat([keys, parts[1]], 2), cat([values, parts[2]], 2));
                var scores = F.matmul(parts[0], k.transpose(-2, -1), "scores");
                return o.call(F.matmul(F.softmax(scores, isScaled: true), v, "values").transpose(1, 2).reshape(batch, 1, width));
            },
            ("qkv", qkv), ("o", o));

        // As the rule for a whole attention says, which kernels of this project state.
        var stated = AttentionCount.Operators("attention", new(batch, heads, 1, cached + 1, head), dataGradient: false);
        Assert.Equal(stated.Select(row => row.Forward), counted.Layers.Where(row => row.Kind is "scores" or "softmax" or "values").Select(row => row.Forward));
    }

    [Fact]
    public void Gated_units()
    {
        using var gate = Linear(6, 10, hasBias: false);
        using var up = Linear(6, 10, hasBias: false);
        using var down = Linear(10, 6, hasBias: false);
        using var x = rand(4, 6);
        Counting.IsRecorded(() => down.call(F.mul(F.silu(gate.call(x)), up.call(x))), ("gate", gate), ("up", up), ("down", down));
    }

    [Fact]
    public void Experts_run_on_their_own_tokens()
    {
        long[][] routes = [[0, 1, 2, 0], [1, 3]];
        using var router = Linear(6, 2, hasBias: false);
        using var first = Sequential(Linear(6, 8, hasBias: false), SiLU(), Linear(8, 6, hasBias: false));
        using var second = Sequential(Linear(6, 8, hasBias: false), SiLU(), Linear(8, 6, hasBias: false));
        using var x = rand(4, 6);
        Counting.IsRecorded(
            () =>
            {
                var (weights, result) = (F.softmax(router.call(x)), zeros(4, 6));
                foreach (var (e, expert) in new[] { first, second }.Index())
                {
                    var rows = tensor(routes[e]);
                    var weight = weights.index_select(0, rows).narrow(1, e, 1);
                    result = result.index_add(0, rows, expert.call(F.rows(x, rows)) * weight, 1);
                }
                return result;
            },
            ("router", router), ("first", first), ("second", second));
    }

    [Fact]
    public void Experts_of_the_same_size_run_in_one_batched_product()
    {
        using var up = rand([3, 6, 8], requires_grad: true);
        using var down = rand([3, 8, 6], requires_grad: true);
        using var x = rand(3, 2, 6);
        Counting.IsRecorded(() => F.bmm(F.silu(F.bmm(x, up)), down));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(1, false, false, false)]
    [InlineData(1, false, true)]
    [InlineData(3, true, true)]
    [InlineData(2, true, true, false)]
    [InlineData(2, false, false, true, false)]
    public void Long_short_term_memories(
        int depth, bool inputGradient, bool bothDirections = false, bool batchFirst = true, bool bias = true)
    {
        using var lstm = LSTM(3, 5, numLayers: depth, bias: bias, batchFirst: batchFirst, bidirectional: bothDirections);
        using var head = Linear(bothDirections ? 10 : 5, 2);
        using var x = rand([4, 6, 3], requires_grad: inputGradient);
        Counting.IsRecorded(() => head.call(F.select(lstm.call(x, null).Item1, 3)), ("lstm", lstm), ("head", head));
    }

    [Fact]
    public void Graph_convolutions_by_a_dense_adjacency()
    {
        using var first = Linear(5, 4, hasBias: false);
        using var second = Linear(4, 3, hasBias: false);
        using var x = rand(6, 5);
        using var adjacency = rand(6, 6);
        Counting.IsRecorded(
            () => F.matmul(adjacency, second.call(F.relu(F.matmul(adjacency, first.call(x))))), ("first", first), ("second", second));
    }

    [Fact]
    public void Graph_convolutions_by_the_edges_that_are_there()
    {
        using var first = Linear(5, 4, hasBias: false);
        using var second = Linear(4, 3, hasBias: false);
        using var x = rand(6, 5);
        using var adjacency = (eye(6) + eye(6).roll(1, 0)).to_sparse();
        Counting.IsRecorded(
            () => Propagate(second.call(F.relu(Propagate(first.call(x))))), ("first", first), ("second", second));

        Tensor Propagate(Tensor y)
        {
            var moved = adjacency.mm(y);
            ModuleCounter.Active?.Add(PropagationCount.Sparse("propagate", 6, y.shape[1], 12, y.requires_grad), moved, [y]);
            return moved;
        }
    }

    [Fact]
    public void Sparse_samples_times_weights()
    {
        using var weight = rand([6, 4], requires_grad: true);
        using var samples = (eye(6) + eye(6).roll(1, 0)).to_sparse();
        Counting.IsRecorded(() =>
        {
            var y = samples.mm(weight);
            ModuleCounter.Active?.Add(SparseLinearCount.Of("linear", 6, 6, 4, 12, Gradients.First) with { Parameters = 0 }, y, []);
            return y;
        });
    }

    [Fact]
    public void Low_rank_adapters_beside_frozen_layers()
    {
        using var below = Linear(6, 6);
        using var layer = Linear(6, 9);
        using var a = Linear(6, 2, hasBias: false);
        using var b = Linear(2, 9, hasBias: false);
        using var above = Linear(9, 3);
        foreach (var parameter in new[] { below, layer, above }.SelectMany(module => module.parameters()))
            parameter.requires_grad = false;
        using var x = rand(4, 6);
        Counting.IsRecorded(
            () =>
            {
                var h = below.call(x);
                return above.call(F.add(layer.call(h), b.call(a.call(h)) * 2));
            },
            ("below", below), ("layer", layer), ("a", a), ("b", b), ("above", above));
    }

    [Fact]
    public void Layers_without_products()
    {
        using var x = rand([2, 4, 6, 6], requires_grad: true);
        using var model = Sequential(
            GroupNorm(2, 4), SiLU(), LayerNorm(6), GELU(), Upsample(scale_factor: [2, 2]), Sigmoid(), MaxPool2d(2), Tanh(), Softmax(-1), Dropout());
        var count = Counting.IsRecorded(() => F.global_avg_pool2d(model.call(x)), ("model", model));
        Assert.Equal(
            ["group norm", "silu", "layer norm", "gelu", "nearest upsampling", "sigmoid", "max pool", "tanh", "softmax", "dropout", "global average pool"],
            count.Layers.Select(layer => layer.Kind).Where(kind => kind != "batch fetch"));
    }

    [Fact]
    public void Micro_steps_before_one_update()
    {
        using var layer = Linear(3, 2);
        using var x = rand(4, 3);
        Counting.IsRecorded(() => layer.call(x) + layer.call(x) + layer.call(x), ("layer", layer));
    }
}
