namespace MlPerfEdu.Serving.Merging;

/// <summary>Merges all weights of two models by name. Buffers are reused while the shapes stay the same.</summary>
public sealed class ModelMerger
{
    readonly Dictionary<string, float[]> merged = [];

    /// <summary>Interpolates weights that both models have and copies the others. The output is valid until the next merge.</summary>
    public IReadOnlyDictionary<string, float[]> Merge(Dictionary<string, float[]> first, Dictionary<string, float[]> second, float t)
    {
        Slerp.CheckShare(t);
        foreach (var (name, weights) in first)
        {
            if (second.TryGetValue(name, out var others))
            {
                Guard.NotEmpty(weights.Length, "weights under a name");
                if (others.Length != weights.Length)
                    throw KernelErrors.Shape($"'{name}' of the second model", $"{others.Length} values", $"{weights.Length}");
                Guard.Finite(weights, "the weights of the first model");
                Guard.Finite(others, "the weights of the second model");
            }
        }
        foreach (var name in merged.Keys)
        {
            if (!first.ContainsKey(name) && !second.ContainsKey(name))
                merged.Remove(name);
        }
        foreach (var (name, weights) in first)
        {
            if (second.TryGetValue(name, out var others))
                Slerp.Into(weights, others, t, Buffer(name, weights.Length));
            else
                weights.CopyTo(Buffer(name, weights.Length));
        }
        foreach (var (name, weights) in second)
        {
            if (!first.ContainsKey(name))
                weights.CopyTo(Buffer(name, weights.Length));
        }
        return merged;
    }

    /// <summary>Half precision in and out, single precision between.</summary>
    public static Half[] Merge(ReadOnlySpan<Half> first, ReadOnlySpan<Half> second, float t)
    {
        var (a, b, merged) = (new float[first.Length], new float[second.Length], new Half[first.Length]);
        TensorPrimitives.ConvertToSingle(first, a);
        TensorPrimitives.ConvertToSingle(second, b);
        Slerp.Into(a, b, t, a);
        TensorPrimitives.ConvertToHalf(a, merged);
        return merged;
    }

    float[] Buffer(string name, int length)
    {
        if (!merged.TryGetValue(name, out var buffer) || buffer.Length != length)
            merged[name] = buffer = new float[length];
        return buffer;
    }
}

/// <summary>Drops most of what fine-tuning changed and scales up the rest, so that several changes interfere less (Yu et al. 2024).</summary>
public static class Dare
{
    // density: share of each change that is kept; shares: how much of each model's change, which need not sum to 1
    public static void Into(
        ReadOnlySpan<float> baseWeights, IReadOnlyList<float[]> models, ReadOnlySpan<float> shares, float density, ulong seed, Span<float> merged)
    {
        Deltas.Check(baseWeights, models, merged);
        Guard.Finite(shares, models.Count, "shares of the models");
        Guard.Range(density is > 0 and <= 1, "a density of", density, "above 0, at most 1");
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

/// <summary>Keeps each model's largest changes, has them vote on every sign and averages those that agree (Yadav et al. 2023).</summary>
public static class Ties
{
    // density: the part of each change that is kept by magnitude; share: how much of the merged change is added to the base
    public static void Into(ReadOnlySpan<float> baseWeights, IReadOnlyList<float[]> models, float density, float share, Span<float> merged)
    {
        Deltas.Check(baseWeights, models, merged);
        Guard.Range(density is > 0 and <= 1, "a density of", density, "above 0, at most 1");
        Guard.Range(float.IsFinite(share), "a share of", share, "a finite number");
        var least = new float[models.Count];
        for (var model = 0; model < models.Count; model++)
            least[model] = SmallestKept(baseWeights, models[model], density);
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

    static float SmallestKept(ReadOnlySpan<float> baseWeights, float[] model, float density)
    {
        var changes = new float[model.Length];
        TensorPrimitives.Subtract(model, baseWeights, changes);
        TensorPrimitives.Abs(changes, changes);
        Array.Sort(changes);
        return changes[changes.Length - Math.Max(1, (int)Math.Round(density * (double)changes.Length))];
    }
}

static class Deltas
{
    public static void Check(ReadOnlySpan<float> baseWeights, IReadOnlyList<float[]> models, Span<float> merged)
    {
        Guard.NotEmpty(baseWeights.Length, "weights of the base");
        Guard.Length(merged.Length, baseWeights.Length, "the merged weights");
        Guard.Finite(baseWeights, "the weights of the base");
        foreach (var model in models)
            Guard.Finite(model, baseWeights.Length, "the weights of a model");
    }
}
