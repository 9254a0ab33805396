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

/// <summary>Spherical interpolation of two weights (Shoemake 1985): along the great circle between their directions, where the straight line would
/// cut through the sphere and give weights that are too small.</summary>
public static class Slerp
{
    const double ShortestLength = 1e-8;
    const double MostCosine = 0.9995;

    /// <param name="t">0 gives the first, 1 the second.</param>
    public static void Into(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float t, Span<float> merged)
    {
        Guard.NotEmpty(first.Length, "weights");
        Guard.Length(second.Length, first.Length, "the second weights");
        Guard.Length(merged.Length, first.Length, "the merged weights");
        CheckShare(t);
        var (ofFirst, ofSecond) = Factors(Sums(first, second), t);
        Blend(first, second, ofFirst, ofSecond, merged);
    }

    /// <summary>By the formula, in double; the oracle.</summary>
    public static void Plain(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float t, Span<float> merged)
    {
        var (aa, ab, bb) = (0.0, 0.0, 0.0);
        for (var index = 0; index < first.Length; index++)
        {
            aa += (double)first[index] * first[index];
            ab += (double)first[index] * second[index];
            bb += (double)second[index] * second[index];
        }
        var (ofFirst, ofSecond) = Factors((aa, ab, bb), t);
        for (var index = 0; index < first.Length; index++)
            merged[index] = (float)(ofFirst * first[index] + ofSecond * second[index]);
    }

    internal static void CheckShare(float t) => Guard.Range(t is >= 0 and <= 1, "a share of", t, "0 to 1");

    /// <summary>sin((1 − t)θ) / sin θ and sin(tθ) / sin θ; the straight line where the angle is tiny.</summary>
    static (double OfFirst, double OfSecond) Factors((double AA, double AB, double BB) sums, double t)
    {
        if (!double.IsFinite(sums.AA) || !double.IsFinite(sums.BB))
            throw KernelErrors.OutOfRange("a sum of squares of", double.IsFinite(sums.AA) ? sums.BB : sums.AA, "a finite one");
        var (a, b) = (Math.Sqrt(sums.AA), Math.Sqrt(sums.BB));
        if (a < ShortestLength || b < ShortestLength || sums.AB / (a * b) > MostCosine)
            return (1 - t, t);
        // Exactly opposite directions have no great circle of their own, and a sine of 0 divides nothing.
        var angle = Math.Acos(Math.Max(sums.AB / (a * b), -MostCosine));
        return (Math.Sin((1 - t) * angle) / Math.Sin(angle), Math.Sin(t * angle) / Math.Sin(angle));
    }

    // Both lengths and the product in one pass over memory.
    static (double AA, double AB, double BB) Sums(ReadOnlySpan<float> first, ReadOnlySpan<float> second) =>
        Simd.Is512 ? Sums<Wide512>(first, second) : Sums<Wide256>(first, second);

    [MethodImpl(Simd.Loop)]
    static (double AA, double AB, double BB) Sums<T>(ReadOnlySpan<float> first, ReadOnlySpan<float> second) where T : struct, IWide<T>
    {
        ref float a = ref MemoryMarshal.GetReference(first), b = ref MemoryMarshal.GetReference(second);
        T aa0 = default, ab0 = default, bb0 = default, aa1 = default, ab1 = default, bb1 = default;
        T aa2 = default, ab2 = default, bb2 = default;
        nint index = 0;
        for (; index <= first.Length - 3 * T.Lanes; index += 3 * T.Lanes)
        {
            var (a0, b0) = (T.Load(ref a, index), T.Load(ref b, index));
            (aa0, ab0, bb0) = (T.MultiplyAdd(a0, a0, aa0), T.MultiplyAdd(a0, b0, ab0), T.MultiplyAdd(b0, b0, bb0));
            var (a1, b1) = (T.Load(ref a, index + T.Lanes), T.Load(ref b, index + T.Lanes));
            (aa1, ab1, bb1) = (T.MultiplyAdd(a1, a1, aa1), T.MultiplyAdd(a1, b1, ab1), T.MultiplyAdd(b1, b1, bb1));
            var (a2, b2) = (T.Load(ref a, index + 2 * T.Lanes), T.Load(ref b, index + 2 * T.Lanes));
            (aa2, ab2, bb2) = (T.MultiplyAdd(a2, a2, aa2), T.MultiplyAdd(a2, b2, ab2), T.MultiplyAdd(b2, b2, bb2));
        }
        var (aa, bb) = ((double)Simd.Sum(aa0 + aa1 + aa2), (double)Simd.Sum(bb0 + bb1 + bb2));
        double ab = Simd.Sum(ab0 + ab1 + ab2);
        for (; index < first.Length; index++)
        {
            aa += (double)first[(int)index] * first[(int)index];
            ab += (double)first[(int)index] * second[(int)index];
            bb += (double)second[(int)index] * second[(int)index];
        }
        return (aa, ab, bb);
    }

    static void Blend(ReadOnlySpan<float> first, ReadOnlySpan<float> second, double ofFirst, double ofSecond, Span<float> merged)
    {
        if (Simd.Is512) Blend<Wide512>(first, second, (float)ofFirst, (float)ofSecond, merged);
        else Blend<Wide256>(first, second, (float)ofFirst, (float)ofSecond, merged);
    }

    // Backwards: what the sums read last is still in the nearest cache.
    [MethodImpl(Simd.Loop)]
    static void Blend<T>(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float ofFirst, float ofSecond, Span<float> merged)
        where T : struct, IWide<T>
    {
        ref float a = ref MemoryMarshal.GetReference(first), b = ref MemoryMarshal.GetReference(second), to = ref MemoryMarshal.GetReference(merged);
        var (wideFirst, wideSecond) = (T.Create(ofFirst), T.Create(ofSecond));
        nint index = first.Length - T.Lanes;
        for (; index >= 0; index -= T.Lanes)
            T.MultiplyAdd(T.Load(ref a, index), wideFirst, T.Load(ref b, index) * wideSecond).Store(ref to, index);
        for (index += T.Lanes - 1; index >= 0; index--)
            merged[(int)index] = ofFirst * first[(int)index] + ofSecond * second[(int)index];
    }
}
