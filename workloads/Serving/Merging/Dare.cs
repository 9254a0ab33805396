using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Merging;

/// <summary>
/// Drops most of what fine-tuning changed and scales up the rest, so that several changes get into each other's way less (Yu et al. 2024).
/// </summary>
public static class Dare
{
    /// <param name="density">The part of each change that is kept.</param>
    /// <param name="shares">How much of each model's change; need not sum to 1.</param>
    /// <param name="seed">The same seed keeps the same elements.</param>
    public static void Into(
        ReadOnlySpan<float> baseWeights, IReadOnlyList<float[]> models, ReadOnlySpan<float> shares, float density, ulong seed,
        Span<float> merged)
    {
        Deltas.Check(baseWeights, models, merged);
        Guard.Length(shares.Length, models.Count, "shares of the models");
        Guard.Finite(shares, "the shares of the models");
        if (!(density is > 0 and <= 1))
            throw ServingErrors.OutOfRange("a density of", density, "above 0, at most 1");
        baseWeights.CopyTo(merged);
        for (var model = 0; model < models.Count; model++)
        {
            // A model's choices depend on the seed and on its place, and on nothing else.
            var random = new SplitMix(seed + (ulong)model * 0xD1342543DE82EF95);
            for (var index = 0; index < merged.Length; index++)
            {
                // Scaled up by 1/density, the change is the same on average.
                if (random.Share() < density)
                    merged[index] += shares[model] * (models[model][index] - baseWeights[index]) / density;
            }
        }
    }
}
