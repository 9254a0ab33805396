using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>
/// Causal attention without its products with weights: rotary positions (Su et al., 2021), scores, softmax, values. H query heads, G heads
/// of keys and values, d numbers each; H/G query heads share one of those (Ainslie et al., 2023) by standing below one another in its
/// product.
/// </summary>
sealed class AttentionCore : IDisposable
{
    const double RotaryBase = 10_000;

    readonly StoriesSize size;
    readonly Tensor mask, rotation;

    public AttentionCore(StoriesSize size, ScalarType dtype)
    {
        this.size = size;
        var sharing = size.Heads / size.KeyValueHeads;
        // [H/G·S, S], −∞ where a key is later than its query
        mask = full(size.Positions, size.Positions, double.NegativeInfinity, dtype: dtype).triu_(1).repeat(sharing, 1);
        // Numbers 2i and 2i+1 of a head are a complex number, turned by position·base^(−2i/d): [S, 1, d/2]
        var angles = arange(0, size.Positions, dtype: float64).unsqueeze(1)
            * pow(RotaryBase, arange(0, size.Head, 2, dtype: float64).mul(-1.0 / size.Head));
        rotation = view_as_complex(stack([angles.cos().to(dtype), angles.sin().to(dtype)], -1)).unsqueeze(1);
    }

    public void KeepBeyond(DisposeScope scope) => scope.Detach(mask, rotation);

    // [S, (H + 2·G)·d] → [S, H·d]
    public Tensor Forward(Tensor projected)
    {
        int s = size.Positions, h = size.Heads, g = size.KeyValueHeads, d = size.Head;
        var parts = projected.view(s, h + 2 * g, d).split([h + g, g], 1);
        var turned = view_as_real(view_as_complex(parts[0].unflatten(2, d / 2, 2)) * rotation).flatten(2).split([h, g], 1);
        if (ModuleCounter.Active is { } counter)
            counter.Add(RotaryCount.Of(counter.Name("rotary"), projected.shape, s * (h + g) * d, s * d, projected.requires_grad), projected, [projected]);
        var queries = turned[0].transpose(0, 1).reshape(g, h / g * s, d);
        var keys = turned[1].permute(1, 2, 0);
        var values = parts[1].transpose(0, 1);
        // [G, H/G·S, S]
        var weights = F.softmax(F.bmm(queries * (1 / Math.Sqrt(d)), keys, "scores") + mask, isScaled: true, isCausal: true);
        return F.bmm(weights, values, "values").view(h, s, d).transpose(0, 1).reshape(s, h * d);
    }

    public void Dispose()
    {
        mask.Dispose();
        rotation.Dispose();
    }
}
