using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Layers without products, whose every number was worked out by hand, and what is refused.</summary>
public class LayerKindTests
{
    [Fact]
    public void Norms_keep_their_statistics()
    {
        IReadOnlyList<long> tokens = [2, 3, 4];
        var layer = NormCount.Layer("n", tokens, Gradients.Both);
        var rms = NormCount.RootMeanSquare("n", tokens, Gradients.Both);
        var group = NormCount.Group("n", [2, 6, 5, 1], 3, Gradients.None);

        Assert.Equal((8L, 4L, 12L), (layer.Parameters, rms.Parameters, group.Parameters));
        Assert.Equal(new Work(0, 8 * 24, 4 * (48 + 8 + 12), 1), layer.Forward);
        Assert.Equal(new Work(0, 9 * 24, 4 * (72 + 4 + 12 + 8), 1), layer.DataGradient);
        Assert.Equal(new Work(0, 4 * 24, 4 * (48 + 4 + 6), 1), rms.Forward);
        Assert.Equal((new Work(0, 8 * 60, 4 * (120 + 12 + 12), 1), default), (group.Forward, group.DataGradient));
        Assert.Equal((4L * (24 + 16 + 12), 4L * (60 + 12 + 12)), (layer.UniqueBytes, group.UniqueBytes));
    }

    [Fact]
    public void Joins()
    {
        using var l = Linear(3, 4);
        using var m = Linear(4, 6);
        var product = Counting.Of(l, zeros(2, 3), x => F.mul(x, F.tanh(x))).Layers[^1];
        var concat = Counting.Of(() =>
        {
            var x = l.call(zeros(2, 3));
            return F.cat([x, m.call(x), x], 1);
        }, ("l", l), ("m", m)).Layers[^1];

        // One product for each branch's gradient, one sum because the tanh has read the same.
        Assert.Equal((new Work(0, 8, 96, 1), new Work(0, 24, 288, 3)), (product.Forward, product.DataGradient));
        Assert.Equal([2, 14], concat.Output);
        Assert.Equal((new Work(0, 0, 4 * 56, 1), new Work(0, 16, 192, 2)), (concat.Forward, concat.DataGradient));
    }

    [Fact]
    public void A_branch_ends_for_itself()
    {
        var count = Models.PolicyAndValue(2);

        Assert.Equal(2, count.Layers.Count(layer => layer.Kind.EndsWith("loss", StringComparison.Ordinal)));
        Assert.Equal(default, count.Layers.Single(layer => layer.Layer == "policy.0").DataGradient);
        Assert.Single(count.Layers, layer => layer.Kind == "batch fetch");
    }

    [Fact]
    public void Positions_and_one_position()
    {
        using var e = Embedding(10, 4);
        using var p = Embedding(5, 4);
        var count = Counting.Of(() => F.select(F.add_positions(e.call(Models.Ids(2, 3)), p.weight!), 0), ("e", e));
        var (positions, first) = (count.Layers[2], count.Layers[3]);

        Assert.Equal((new Work(0, 24, 4 * (48 + 12), 1), 20L), (positions.Forward, positions.Parameters));
        Assert.Equal(new Work(0, 24, 4 * (24 + 12) + 4 * (20 + 24), 3), positions.WeightGradient);
        Assert.Equal((default(Work), new Work(0, 0, 4 * (24 + 8), 1)), (first.Forward, first.DataGradient));
    }

    [Fact]
    public void Rotation_and_upsampling()
    {
        var turned = RotaryCount.Of("r", [2, 3, 24], turned: 96, angles: 12, dataGradient: true);
        var nearest = UpsampleCount.Of("u", [1, 2, 3, 3], [1, 2, 6, 6], isNearest: true, dataGradient: true);
        var bilinear = UpsampleCount.Of("u", [1, 2, 3, 3], [1, 2, 6, 6], isNearest: false, dataGradient: false);

        Assert.Equal((new Work(0, 288, 4 * 204, 1), turned.Forward), (turned.Forward, turned.DataGradient));
        Assert.Equal((new Work(0, 0, 4 * 90, 1), new Work(0, 72, 4 * 90, 1)), (nearest.Forward, nearest.DataGradient));
        Assert.Equal((new Work(0, 504, 4 * 90, 1), default), (bilinear.Forward, bilinear.DataGradient));
    }

    [Fact]
    public void Losses()
    {
        var likelihood = LossCount.NegativeLogLikelihood("l", [2, 5]);
        var binary = LossCount.BinaryCrossEntropy("l", [2, 5]);

        Assert.Equal((new Work(0, 2, 28, 1), new Work(0, 2, 44 + 16, 1)), (likelihood.Forward, likelihood.DataGradient));
        Assert.Equal((new Work(0, 100, 84, 1), new Work(0, 70, 124, 1), 44L), (binary.Forward, binary.DataGradient, binary.UniqueBytes));
    }

    [Fact]
    public void In_use_dropout_is_gone_and_norms_use_running_statistics()
    {
        using var model = Sequential(Conv2d(3, 5, 3), BatchNorm2d(5), Dropout(), Flatten(), Linear(20, 2));
        model.eval();
        using var mode = no_grad();
        var count = Counting.Of(model, zeros(2, 3, 4, 4));

        Assert.Equal(["input", "0", "1", "4"], count.Layers.Select(layer => layer.Layer));
        Assert.Equal(new Work(0, 4 * 40, 4 * (80 + 20), 1), count.Layers[2].Forward);
        Assert.Equal(count.ForwardFlops, count.Flops);
        Assert.Equal(4, count.OperatorCalls);
    }

    [Fact]
    public void Micro_steps_repeat_everything_but_the_update()
    {
        using var layer = Linear(3, 4);
        StepCount one = Steps(1), four = Steps(4);
        var again = four.Layers.Where(row => row.Kind == "tied linear").ToList();

        Assert.Equal((4 * one.Flops, one.OptimizerFlops, one.Parameters), (four.Flops, four.OptimizerFlops, four.Parameters));
        var first = four.Layers.Single(row => row.Kind == "linear");
        // Gradients of weights and of biases are added up.
        Assert.All(again, row => Assert.Equal(
            first.WeightGradient + new Work(0, 16, 4 * 3 * 16, 2), row.WeightGradient));
        // Three more batches of 6 inputs and 8 targets, and results for each.
        Assert.Equal(3 * 4 * (6 + 8 + 8 + 1), four.UniqueBytes - one.UniqueBytes);

        StepCount Steps(int steps) => ModuleCounter.Count(2, counter =>
        {
            counter.Watch(layer, "layer");
            for (var step = 0; step < steps; step++)
                F.mse_loss(layer.call(zeros(2, 3)), zeros(2, 4));
            counter.AdamW(UpdateStyle.Flat);
        });
    }

    [Theory]
    [InlineData(1000, 1, 1)]
    [InlineData(1000, 1000, 632)]
    [InlineData(2_000_000, 512, 512)]
    [InlineData(10, 1_000_000, 10)]
    public void Expected_rows_of_uniform_draws(long rows, long draws, long expected) =>
        Assert.Equal(expected, EmbeddingShape.ExpectedUniqueRows(rows, draws));

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused("touches 7 different rows; 6 look-ups in 100 rows touch from 1 to 6", counter =>
        {
            counter.Table("e", 7);
            counter.Watch(Embedding(100, 8), "e").call(Models.Ids(2, 3));
        });
        Refused("Module 'mish' (Mish) has no rule and states no work", counter => counter.Watch(Mish(), "mish").call(zeros(2)));
        Refused("Module '' (Own) has no rule and states no work", counter => counter.Watch(new Own()).call(zeros(2)));

        static void Refused(string text, Action<ModuleCounter> step) =>
            Assert.Contains(text, Assert.ThrowsAny<Exception>(() => ModuleCounter.Count(1, step)).Message, StringComparison.Ordinal);
    }

    sealed class Own : Module<Tensor, Tensor>
    {
        readonly TorchSharp.Modules.Parameter weight = Parameter(zeros(2));

        public Own() : base(nameof(Own)) => RegisterComponents();

        public override Tensor forward(Tensor x) => x * weight;
    }
}
