using MlPerfEdu.Workloads.Cloud.NanoGpt;
using MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;
using MlPerfEdu.Workloads.Tests.Inference;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class GrownGptTests
{
    static readonly NanoGptGeometry Larger = SmallGpt.Geometry with { Layers = 6, Width = 256, Heads = 4, Context = 2048 };

    [Fact]
    public void A_grown_model_computes_what_the_smaller_one_does()
    {
        using SmallGpt small = new(), large = new(seed: 2, Larger);
        GrownGpt.Fill(large.Model, small.Model, noise: 0);
        var tokens = SmallGpt.Tokens(60, seed: 1);

        foreach (var (found, expected) in large.Recomputed(tokens).Zip(small.Recomputed(tokens)))
            Assert.InRange(SmallGpt.LargestError(found, expected), 0, 1e-4f);
    }

    [Fact]
    public void Noise_makes_copies_differ()
    {
        using SmallGpt small = new(), large = new(seed: 2, Larger);
        GrownGpt.Fill(large.Model, small.Model, noise: 1e-2);
        var tokens = SmallGpt.Tokens(10, seed: 1);

        Assert.NotEqual(small.Recomputed(tokens)[^1], large.Recomputed(tokens)[^1]);
    }

    [Fact]
    public void Only_twice_the_size_grows()
    {
        using SmallGpt small = new(), large = new(seed: 2, Larger with { Layers = 5 });
        Assert.Throws<ArgumentException>(() => GrownGpt.Fill(large.Model, small.Model, noise: 0));
    }
}
