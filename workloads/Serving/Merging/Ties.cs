namespace MlPerfEdu.Serving.Merging;

/// <summary>Keeps each model's largest changes, has them vote on every sign and averages those that agree (Yadav et al. 2023).</summary>
public static class Ties
{
    /// <param name="density">The part of each change that is kept, by magnitude.</param>
    /// <param name="share">How much of the merged change is added to the base.</param>
    public static void Into(ReadOnlySpan<float> baseWeights, IReadOnlyList<float[]> models, float density, float share, Span<float> merged)
    {
        Deltas.Check(baseWeights, models, merged);
        if (!(density is > 0 and <= 1))
            throw ServingErrors.OutOfRange("a density of", density, "above 0, at most 1");
        if (!float.IsFinite(share))
            throw ServingErrors.OutOfRange("a share of", share, "a finite number");
        var least = new float[models.Count];
        for (var model = 0; model < models.Count; model++)
            least[model] = SmallestKept(Deltas.Of(baseWeights, models[model]), density);
        for (var index = 0; index < merged.Length; index++)
            merged[index] = baseWeights[index] + share * Agreed(baseWeights[index], models, index, least);
    }

    // The sign with the larger sum of magnitudes wins, plus where they are equal.
    static float Agreed(float own, IReadOnlyList<float[]> models, int index, float[] least)
    {
        var (up, down, rising, falling) = (0f, 0f, 0, 0);
        for (var model = 0; model < models.Count; model++)
        {
            var delta = models[model][index] - own;
            if (delta == 0 || MathF.Abs(delta) < least[model])
                continue;
            if (delta > 0)
                (up, rising) = (up + delta, rising + 1);
            else
                (down, falling) = (down - delta, falling + 1);
        }
        return up >= down ? up / Math.Max(1, rising) : -down / falling;
    }

    static float SmallestKept(float[] deltas, float density)
    {
        for (var index = 0; index < deltas.Length; index++)
            deltas[index] = MathF.Abs(deltas[index]);
        Array.Sort(deltas);
        return deltas[deltas.Length - Math.Max(1, (int)Math.Round(density * (double)deltas.Length))];
    }
}
