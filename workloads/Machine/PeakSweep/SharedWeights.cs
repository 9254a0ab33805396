using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>The matrices of all chains, which so fit into memory together: a longer chain has those of the shorter ones of its width.</summary>
sealed class SharedWeights : IDisposable
{
    readonly Dictionary<int, List<Tensor>> byWidth = [];

    public IReadOnlyList<Tensor> Of(int channels, int depth)
    {
        if (!byWidth.TryGetValue(channels, out var weights))
            byWidth[channels] = weights = [];
        // Scaled by 1/√C, so that values neither grow nor vanish along the chain.
        while (weights.Count < depth)
            weights.Add(randn(channels, channels).div_(Math.Sqrt(channels)));
        return weights[..depth];
    }

    public void Dispose()
    {
        foreach (var tensor in byWidth.Values.SelectMany(weights => weights))
            tensor.Dispose();
    }
}
