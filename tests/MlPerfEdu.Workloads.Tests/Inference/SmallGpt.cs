using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using TorchSharp;

namespace MlPerfEdu.Workloads.Tests.Inference;

/// <summary>A model of random weights, small enough to compute everything twice.</summary>
sealed class SmallGpt : IDisposable
{
    public const int MostRows = 5;

    public static NanoGptGeometry Geometry { get; } = new(Layers: 3, Width: 128, Heads: 2, Vocabulary: 32, Context: 1024);

    public SmallGpt(int seed = 1, NanoGptGeometry? geometry = null)
    {
        torch.random.manual_seed(seed);
        Model = new NanoGptModel(geometry ?? Geometry);
        // Larger than fresh weights, so that a token's choice depends on all of its past.
        Disturb(0.15f);
        Cached = new CachedGpt(Model, threads: 2, MostRows);
    }

    /// <summary>Adds noise of this deviation to every weight.</summary>
    public void Disturb(float deviation)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        foreach (var parameter in Model.parameters())
            parameter.add_(torch.randn(parameter.shape) * deviation);
    }

    public NanoGptModel Model { get; }

    public CachedGpt Cached { get; }

    public static int[] Tokens(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Geometry.Vocabulary))];
    }

    /// <summary>The logits after every token, computed at once without a cache: [tokens][V].</summary>
    public float[][] Recomputed(IEnumerable<int> tokens)
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.inference_mode();
        var logits = Model.forward(torch.tensor(tokens.Select(token => (long)token).ToArray()).unsqueeze(0));
        return [.. logits.data<float>().ToArray().Chunk(Geometry.Vocabulary)];
    }

    public static float LargestError(ReadOnlySpan<float> found, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, found.Length);
        var largest = 0f;
        for (var i = 0; i < found.Length; i++)
            largest = MathF.Max(largest, MathF.Abs(found[i] - expected[i]));
        return largest;
    }

    public void Dispose()
    {
        Cached.Dispose();
        Model.Dispose();
    }
}
