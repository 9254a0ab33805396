using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Layers without products, whose every number was worked out by hand, and what the builder refuses.</summary>
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
        var start = new StepCounter(2, 3).Linear("l", 4);
        var product = new StepCounter(2, 3).Linear("l", 4).Product("p", _ => { }, side => side.Sigmoid("gate")).Build().Layers[^1];
        var concat = start.Concat("c", _ => { }, side => side.Linear("m", 6), _ => { }).Build().Layers[^1];

        // One product for each branch's gradient, one sum at the fork.
        Assert.Equal((new Work(0, 8, 96, 1), new Work(0, 24, 288, 3)), (product.Forward, product.DataGradient));
        Assert.Equal([2, 14], concat.Output);
        Assert.Equal((new Work(0, 0, 4 * 56, 1), new Work(0, 16, 192, 2)), (concat.Forward, concat.DataGradient));
    }

    [Fact]
    public void A_branch_ends_for_itself()
    {
        var count = Models.PolicyAndValue(2).Build();

        Assert.Equal(2, count.Layers.Count(layer => layer.Kind.EndsWith("loss", StringComparison.Ordinal)));
        Assert.Equal(default, count.Layers.Single(layer => layer.Layer == "policy 1").DataGradient);
    }

    [Fact]
    public void Positions_and_one_position()
    {
        var count = StepCounter.OfTokens(2, 3).Embedding("e", 10, 4).Positions("p", 5).OnePosition("first").Build();
        var (positions, first) = (count.Layers[2], count.Layers[3]);

        Assert.Equal((new Work(0, 24, 4 * (48 + 12), 1), 20L), (positions.Forward, positions.Parameters));
        Assert.Equal(new Work(0, 24, 4 * (24 + 12) + 4 * (20 + 24), 3), positions.WeightGradient);
        Assert.Equal((default(Work), new Work(0, 0, 4 * (24 + 8), 1)), (first.Forward, first.DataGradient));
    }

    [Fact]
    public void Rotation_and_upsampling()
    {
        var turned = RotaryCount.Of("r", [2, 3, 24], turned: 96, angles: 12, dataGradient: true);
        var nearest = UpsampleCount.Of("u", [1, 2, 3, 3], 2, Interpolation.Nearest, dataGradient: true);
        var bilinear = UpsampleCount.Of("u", [1, 2, 3, 3], 2, Interpolation.Bilinear, dataGradient: false);

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
        var count = new StepCounter(2, 3, 4, 4).ForInference().Conv2d("c", 5, 3).BatchNorm("n").Dropout("d").Flatten().Linear("l", 2).Build();

        Assert.Equal(["input", "c", "n", "l"], count.Layers.Select(layer => layer.Layer));
        Assert.Equal(new Work(0, 4 * 40, 4 * (80 + 20), 1), count.Layers[2].Forward);
        Assert.Equal(count.ForwardFlops, count.Flops);
        Assert.Equal(4, count.OperatorCalls);
    }

    [Fact]
    public void Micro_steps_repeat_everything_but_the_update()
    {
        var one = new StepCounter(2, 3).Linear("l", 4).MeanSquaredError().AdamW(UpdateStyle.Flat).Build();
        var four = new StepCounter(2, 3).Linear("l", 4).MeanSquaredError().Accumulate(4).AdamW(UpdateStyle.Flat).Build();
        var sum = four.Layers.Single(layer => layer.Layer == "accumulate");

        Assert.Equal((8, 4 * one.Flops, one.OptimizerFlops), (four.Batch, four.Flops, four.OptimizerFlops));
        Assert.Equal(one.ForwardMacsPerSample, four.ForwardMacsPerSample);
        Assert.Equal(new Work(0, 3 * 16, 3 * 4 * 3 * 16, 6), sum.WeightGradient);
        // Three more batches of 6 inputs and 8 targets.
        Assert.Equal(3 * 4 * (6 + 8), four.UniqueBytes - one.UniqueBytes);
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
        Refused("touches 7 different rows; 6 look-ups in 100 rows touch from 1 to 6", () => StepCounter.OfTokens(2, 3).Embedding("e", 100, 8, 7));
        Refused("has vectors for 2 positions and gets 3", () => StepCounter.OfTokens(2, 3).Embedding("e", 9, 8).Positions("p", 2));
        Refused("4 groups and gets 6 channels", () => new StepCounter(1, 6, 2, 2).GroupNorm("n", 4));
        Refused("3 heads with 3", () => new StepCounter(1, 2, 8).SelfAttention("a", new AttentionShape(3)));
        Refused("call ForInference first", () => new StepCounter(1, 1, 8).CachedAttention("a", new AttentionShape(2), 5));
        Refused("'l' was counted for training already", () => new StepCounter(1, 8).Linear("l", 2).ForInference());
        Refused("experts with 1, 2 tokens", () => new StepCounter(3, 4).MixtureOfExperts("m", 1, [1, 2], e => e.Linear("l", 4), grouped: true));
        Refused("'c' joins shapes 1x2x4x4 and 1x2x2x2", () => new StepCounter(1, 2, 4, 4).Concat("c", _ => { }, side => side.MaxPool("p", 2)));
        Refused("leaves a result of 0x0", () => new StepCounter(1, 2, 1, 1).ConvTranspose2d("c", 2, 2, padding: 1));

        static void Refused(string text, Action build) => Assert.Contains(text, Assert.ThrowsAny<Exception>(build).Message, StringComparison.Ordinal);
    }
}
