using MlPerfEdu.Engine.Checkpoints;
using TorchSharp;

namespace MlPerfEdu.Workloads.Tests.Checkpoints;

public sealed class DerivedWeightsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-derived-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Those_of_two_origins_are_kept_and_found()
    {
        Assert.Equal([true, true, false, false], [Made("real", 1), Made("embedded", 2), Made("real", 1), Made("embedded", 2)]);
        Assert.True(Made("another", 3));
        // The one that was made first.
        Assert.True(Made("real", 1));
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        Made("real", 1);
        var path = Directory.GetFiles(folder).Single();
        var good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. good[..^1], (byte)(good[^1] ^ 1)]);
        Assert.True(Made("real", 1));
    }

    bool Made(string origin, float value)
    {
        using var model = torch.nn.Linear(2, 1);
        var made = new DerivedWeights(folder).LoadOrMake("weights", origin, model, () => torch.nn.init.constant_(model.weight, value));
        Assert.Equal(value, model.weight[0, 0].item<float>());
        return made;
    }
}
