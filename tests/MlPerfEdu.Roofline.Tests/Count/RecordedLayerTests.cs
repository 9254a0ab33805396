using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>What libtorch runs for each kind of layer, forward and backward, is what the layer's shapes say.</summary>
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

        Recorded.Equals(
            Start(inputGradient, 3, 4, 7, 6).Conv2d("conv", 8, kernel, stride, padding, groups).Conv2d("next", 2, (1, 3), bias: false),
            () => next.forward(layer.forward(x)));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Convolutions_over_sequences(int groups, bool inputGradient)
    {
        using var layer = Conv1d(4, 6, 3, stride: 2, padding: 1, groups: groups);
        using var x = rand([3, 4, 11], requires_grad: inputGradient);

        Recorded.Equals(Start(inputGradient, 3, 4, 11).Conv1d("conv", 6, 3, stride: 2, padding: 1, groups: groups), () => layer.forward(x));
    }

    [Theory]
    [InlineData(1, 2, 2, 0, 0, false)]
    [InlineData(2, 3, 2, 1, 1, true)]
    [InlineData(1, 3, 1, 1, 0, true)]
    public void Transposed_convolutions(int groups, int kernel, int stride, int padding, int outputPadding, bool inputGradient)
    {
        using var layer = ConvTranspose2d(4, 6, kernel, stride: stride, padding: padding, output_padding: outputPadding, groups: groups);
        using var x = rand([3, 4, 5, 7], requires_grad: inputGradient);
        var counter = Start(inputGradient, 3, 4, 5, 7).ConvTranspose2d("up", 6, kernel, stride, padding, outputPadding, groups);

        Recorded.Equals(counter, () => layer.forward(x));
        using var result = layer.forward(x);
        Assert.Equal(result.shape, counter.Shape);
    }

    [Fact]
    public void Tied_weights_are_multiplied_twice_and_stored_once()
    {
        using var table = Embedding(11, 6);
        using var ids = arange(0, 10, dtype: int64).reshape(2, 5);

        Recorded.Equals(
            StepCounter.OfTokens(2, 5).Embedding("tokens", 11, 6).TiedLinear("head", 11),
            () => functional.linear(table.forward(ids), table.weight!), table);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Embedding_bags_multiply_nothing(bool sparse)
    {
        using var bag = EmbeddingBag(7, 4, mode: EmbeddingBagMode.Sum, sparse: sparse);
        using var dense = Linear(3, 4);
        using var ids = ones([5, 2], int64);
        using var x = rand(5, 3);

        Recorded.Equals(
            new StepCounter(5, 3).Concat(
                "join",
                side => side.Linear("dense", 4),
                side => side.Tokens("ids", 2).EmbeddingBag("bag", 7, 4, 1, sparse ? TableGradient.Sparse : TableGradient.Dense)),
            () => cat([dense.forward(x), bag.call(ids)], 1), dense, bag);
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
        var shape = new AttentionShape(heads) { KeyValueHeads = keyValueHeads, Causal = causal, Fused = false };

        Recorded.Equals(
            Start(inputGradient, batch, positions, width).SelfAttention("attention", shape),
            () =>
            {
                var scores = Heads(q.forward(x), heads).matmul(Grouped(k.forward(x)).transpose(-2, -1)) * (1 / Math.Sqrt(head));
                if (causal)
                    scores += full(positions, positions, float.NegativeInfinity).triu(1);
                return o.forward(scores.softmax(-1).matmul(Grouped(v.forward(x))).transpose(1, 2).reshape(batch, positions, width));
            },
            q, k, v, o);

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

        Recorded.EqualsInference(
            new StepCounter(batch, 1, width).ForInference().CachedAttention("attention", new AttentionShape(heads), cached),
            () =>
            {
                var parts = qkv.forward(x).view(batch, 1, 3, heads, head).permute(2, 0, 3, 1, 4);
                var (k, v) = (cat([keys, parts[1]], 2), cat([values, parts[2]], 2));
                return o.forward(parts[0].matmul(k.transpose(-2, -1)).softmax(-1).matmul(v).transpose(1, 2).reshape(batch, 1, width));
            },
            qkv, o);
    }

    [Fact]
    public void Gated_units()
    {
        using var gate = Linear(6, 10, hasBias: false);
        using var up = Linear(6, 10, hasBias: false);
        using var down = Linear(10, 6, hasBias: false);
        using var x = rand(4, 6);

        Recorded.Equals(
            new StepCounter(4, 6).SwiGlu("ffn", 10),
            () => down.forward(functional.silu(gate.forward(x)) * up.forward(x)), gate, up, down);
    }

    [Fact]
    public void Experts_run_on_their_own_tokens()
    {
        long[][] routes = [[0, 1, 2, 0], [], [1, 3]];
        using var router = Linear(6, 3, hasBias: false);
        using var experts = new Experts(3, 6, 8);
        using var x = rand(4, 6);

        Recorded.Equals(
            new StepCounter(4, 6).MixtureOfExperts(
                "experts", 2, [4, 0, 2], expert => expert.Linear("up", 8, bias: false).Silu("silu").Linear("down", 6, bias: false)),
            () =>
            {
                var weights = router.forward(x).softmax(-1);
                var result = zeros(4, 6);
                for (var e = 0; e < 3; e++)
                {
                    if (routes[e].Length == 0)
                        continue;
                    var rows = tensor(routes[e]);
                    var weight = weights.index_select(0, rows).narrow(1, e, 1);
                    result = result.index_add(0, rows, experts.Run(e, x.index_select(0, rows)) * weight, 1);
                }

                return result;
            },
            router, experts);
    }

    [Fact]
    public void Experts_of_the_same_size_run_in_one_batched_product()
    {
        using var up = rand([3, 6, 8], requires_grad: true);
        using var down = rand([3, 8, 6], requires_grad: true);
        using var router = Linear(6, 3, hasBias: false);
        using var x = rand(4, 6);
        using var rows = tensor(new long[] { 0, 1, 1, 2, 3, 0 });

        Recorded.Equals(
            new StepCounter(4, 6).MixtureOfExperts(
                "experts", 1, [2, 2, 2], grouped: true,
                expert: expert => expert.Linear("up", 8, bias: false).Silu("silu").Linear("down", 6, bias: false)),
            () => functional.silu(x.index_select(0, rows).view(3, 2, 6).bmm(up)).bmm(down).sum() * router.forward(x).softmax(-1).sum());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Long_short_term_memories(int depth, bool inputGradient)
    {
        using var lstm = LSTM(3, 5, numLayers: depth, batchFirst: true);
        using var head = Linear(5, 2);
        using var x = rand([4, 6, 3], requires_grad: inputGradient);

        Recorded.Equals(
            Start(inputGradient, 4, 6, 3).Lstm("lstm", 5, depth).OnePosition("last").Linear("head", 2),
            () => head.forward(lstm.forward(x).Item1.select(1, 5)), lstm, head);
    }

    [Fact]
    public void Graph_convolutions_by_a_dense_adjacency()
    {
        using var first = Linear(5, 4, hasBias: false);
        using var second = Linear(4, 3, hasBias: false);
        using var x = rand(6, 5);
        using var adjacency = rand(6, 6);

        Recorded.Equals(
            new StepCounter(6, 5).GraphConvolution("first", 4).Relu("relu").GraphConvolution("second", 3),
            () => adjacency.mm(second.forward(adjacency.mm(first.forward(x)).relu())));
    }

    [Fact]
    public void Graph_convolutions_by_the_edges_that_are_there()
    {
        using var first = Linear(5, 4, hasBias: false);
        using var second = Linear(4, 3, hasBias: false);
        using var x = rand(6, 5);
        using var adjacency = (eye(6) + eye(6).roll(1, 0)).to_sparse();

        Recorded.Equals(
            new StepCounter(6, 5).GraphConvolution("first", 4, edges: 12).Relu("relu").GraphConvolution("second", 3, edges: 12),
            () => adjacency.mm(second.forward(adjacency.mm(first.forward(x)).relu())));
    }

    [Fact]
    public void Sparse_samples_times_weights()
    {
        using var weight = rand([6, 4], requires_grad: true);
        using var samples = (eye(6) + eye(6).roll(1, 0)).to_sparse();

        Recorded.Equals(StepCounter.OfSparseRows(6, 6, stored: 12).SparseLinear("linear", 4), () => samples.mm(weight));
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

        Recorded.Equals(
            new StepCounter(4, 6).Frozen(all => all
                .Linear("below", 6).LowRankAdapter("lora", 2, body => body.Linear("layer", 9)).Linear("above", 3)),
            () =>
            {
                var h = below.forward(x);
                return above.forward(layer.forward(h) + b.forward(a.forward(h)) * 2);
            });
    }

    [Fact]
    public void Layers_without_products()
    {
        using var x = rand([2, 4, 6, 6], requires_grad: true);
        using var group = GroupNorm(2, 4);
        using var norm = LayerNorm(6);

        Recorded.Equals(
            Start(true, 2, 4, 6, 6).GroupNorm("group", 2).Silu("silu").LayerNorm("norm").Gelu("gelu").Upsample("up", 2).Sigmoid("sigmoid")
                .MaxPool("pool", 2).Tanh("tanh").Softmax("softmax").Dropout("dropout").GlobalAveragePool("mean"),
            () => functional.dropout(functional.max_pool2d(
                    functional.interpolate(functional.gelu(norm.forward(functional.silu(group.forward(x)))), scale_factor: [2, 2]).sigmoid(), 2)
                .tanh().softmax(-1)).mean([2, 3]),
            group, norm);
    }

    [Fact]
    public void Micro_steps_before_one_update()
    {
        using var layer = Linear(3, 2);
        using var x = rand(4, 3);

        Recorded.Equals(
            new StepCounter(4, 3).Linear("layer", 2).Accumulate(3),
            () =>
            {
                for (var i = 0; i < 2; i++)
                    layer.forward(x).sum().backward();
                return layer.forward(x);
            },
            layer);
    }

    // An input with a gradient is one that something trained made: a bias, which multiplies nothing.
    static StepCounter Start(bool inputGradient, int batch, params long[] sample) =>
        inputGradient ? new StepCounter(batch, sample).Bias("trained before") : new StepCounter(batch, sample);

    sealed class Experts : Module<Tensor, Tensor>
    {
        readonly TorchSharp.Modules.Linear[] up;
        readonly TorchSharp.Modules.Linear[] down;

        public Experts(int count, int width, int hidden) : base("experts")
        {
            up = [.. Enumerable.Range(0, count).Select(_ => Linear(width, hidden, hasBias: false))];
            down = [.. Enumerable.Range(0, count).Select(_ => Linear(hidden, width, hasBias: false))];
            for (var i = 0; i < count; i++)
            {
                register_module($"up{i}", up[i]);
                register_module($"down{i}", down[i]);
            }
        }

        public Tensor Run(int expert, Tensor tokens) => down[expert].forward(functional.silu(up[expert].forward(tokens)));

        public override Tensor forward(Tensor input) => Run(0, input);
    }
}
