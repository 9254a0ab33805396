namespace MlPerfEdu.Data.Tests;

public class SyntheticStrokesTests
{
    [Fact]
    public void Are_the_pinned_bytes_in_the_shape_of_mnist()
    {
        var set = Embedded.Strokes.Value;
        Assert.Equal((1, 28, 28), (set.Train.Channels, set.Train.Height, set.Train.Width));
        Assert.All(set.Train.CountPerClass(10), count => Assert.Equal(set.Train.Count / 10, count));
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void Another_seed_gives_other_bytes()
    {
        var first = SyntheticStrokes.Generate(new("s", 1, 20, 10));
        Assert.Equal(first.Train.Pixels, SyntheticStrokes.Generate(new("s", 1, 20, 10)).Train.Pixels);
        Assert.NotEqual(first.Train.Pixels, SyntheticStrokes.Generate(new("s", 2, 20, 10)).Train.Pixels);
        Assert.NotEqual(first.Train.Pixels[..7840], first.Test.Pixels[..7840]);
    }

    // Distance to the mean ring is what a model would reach that learns nothing but an average.
    [Fact]
    public void Distance_to_the_mean_ring_finds_anomalies_worse_than_the_target_asks()
    {
        var set = Embedded.Strokes.Value;
        var mean = Baselines.Mean(set.Train, 0);
        var scores = Enumerable.Range(0, set.Test.Count).Select(i => Baselines.SquaredDistance(set.Test.Image(i), mean)).ToArray();
        var auroc = Baselines.Auroc(scores, [.. set.Test.Labels.Select(l => l != 0)]);
        Assert.InRange(auroc, 0.8, 0.9);
    }
}
