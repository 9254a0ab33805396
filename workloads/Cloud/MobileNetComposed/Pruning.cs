using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>Which weights are left: of each four neighbours that a sum runs over, the two of largest magnitude (Mishra et al., 2021).</summary>
public sealed class Pruning : IDisposable
{
    readonly NetworkModules modules;
    // [outputs, taps] of ones and zeros; none for a layer that keeps all.
    readonly Tensor?[] masks;

    public Pruning(NetworkModules modules)
    {
        this.modules = modules;
        masks = [.. modules.Layers.Select((layer, i) => layer.IsPruned ? Mask(modules.Weights(i)) : null)];
    }

    /// <summary>Sets all other weights to 0: at first, and after every update.</summary>
    public void Apply()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        for (var i = 0; i < masks.Length; i++)
            if (masks[i] is { } mask) modules.SetWeights(i, modules.Weights(i) * mask);
    }

    /// <param name="weights">[outputs, taps]; a last group of fewer than four counts as one.</param>
    internal static Tensor Mask(Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        long outputs = weights.shape[0], taps = weights.shape[1], missing = (TwoOfFour.Group - taps % TwoOfFour.Group) % TwoOfFour.Group;
        // What is missing loses to everything.
        var groups = nn.functional.pad(weights.abs(), [0, missing], value: -1).view(outputs, -1, TwoOfFour.Group);
        var kept = groups.topk(TwoOfFour.Kept, dim: 2).indexes;
        return zeros_like(groups).scatter_(2, kept, ones(kept.shape)).view(outputs, -1).narrow(1, 0, taps).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Groups of four neighbours in a sum with more than two weights.</summary>
    public static int Violations(QuantisedLayer layer)
    {
        var found = 0;
        for (var output = 0; output < layer.Layer.Outputs; output++)
        {
            foreach (var group in layer.Weights.AsSpan(output * layer.Layer.Taps, layer.Layer.Taps).ToArray().Chunk(TwoOfFour.Group))
                if (group.Count(weight => weight != 0) > TwoOfFour.Kept) found++;
        }
        return found;
    }

    public void Dispose()
    {
        foreach (var mask in masks) mask?.Dispose();
    }
}
