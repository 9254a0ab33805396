namespace MlPerfEdu.Data.Tests;

public class SyntheticPatternsTests
{
    static readonly GeneratorSettings Few = new("p", 1, 200, 100);

    [Fact]
    public void Are_the_pinned_bytes_in_the_shape_of_cifar_100()
    {
        var set = Embedded.Patterns.Value;
        Assert.Equal((3, 32, 32), (set.Train.Channels, set.Train.Height, set.Train.Width));
        Assert.All(set.Train.CountPerClass(100), count => Assert.Equal(200, count));
        Assert.All(set.Test.CountPerClass(100), count => Assert.Equal(20, count));
        Assert.Equal(100, set.Classes.Distinct().Count());
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void Records_are_laid_out_as_those_of_cifar_100()
    {
        var records = SyntheticPatterns.Records(Few, 0, 100);
        Assert.Equal(100 * 3074, records.Length);
        for (var i = 0; i < 100; i++) Assert.Equal((i / 5, i), (records[i * 3074], records[i * 3074 + 1]));
        Assert.Equal(records.AsSpan(7 * 3074 + 2, 3072), SyntheticPatterns.Generate(Few).Train.Image(7));
    }

    [Fact]
    public void Another_seed_and_another_split_give_other_pictures()
    {
        var first = SyntheticPatterns.Generate(Few);
        Assert.Equal(first.Train.Pixels, SyntheticPatterns.Generate(Few).Train.Pixels);
        Assert.NotEqual(first.Train.Pixels, SyntheticPatterns.Generate(Few with { Seed = 2 }).Train.Pixels);
        Assert.NotEqual(first.Train.Pixels[..first.Test.Pixels.Length], first.Test.Pixels);
    }

    // The hue is worth 0.10.
    [Fact]
    public void Pixels_alone_tell_little_more_than_the_hue()
    {
        var set = Embedded.Patterns.Value;
        Assert.InRange(Baselines.NearestMean(set.Train, set.Test, 100), 0.01, 0.2);
    }
}
