using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.ActSparsity;

/// <summary>
/// Counts, layer by layer, which part of the activations is near zero, and says from it which layers are worth skipping work in.
/// </summary>
public sealed class SparsityPredictor
{
    const double SkippableFrom = 0.5;

    readonly long[] _small;
    readonly long[] _seen;
    readonly float _threshold;
    readonly double _least;

    /// <param name="layers">How many.</param>
    /// <param name="threshold">Below it, a magnitude counts as zero.</param>
    /// <param name="least">The sparsity that is assumed at least, also of layers that were never seen.</param>
    public SparsityPredictor(int layers, float threshold, double least = 0)
    {
        Guard.Positive(layers, "layers");
        if (!(threshold > 0) || !float.IsFinite(threshold))
            throw ServingErrors.OutOfRange("threshold", threshold, "a positive number");
        if (!(least is >= 0 and <= 1))
            throw ServingErrors.OutOfRange("least sparsity", least, "0 to 1");
        (_small, _seen, _threshold, _least) = (new long[layers], new long[layers], threshold, least);
    }

    public int Layers => _small.Length;

    /// <param name="activations">Any shape.</param>
    public void Record(int layer, ReadOnlySpan<float> activations)
    {
        Check(layer);
        Guard.NotEmpty(activations.Length, "activations");
        Guard.Finite(activations, "activations");
        _small[layer] += CountSmall(activations, _threshold);
        _seen[layer] += activations.Length;
    }

    public double Sparsity(int layer)
    {
        Check(layer);
        return _seen[layer] == 0 ? _least : Math.Max(_least, (double)_small[layer] / _seen[layer]);
    }

    public bool IsWorthSkipping(int layer) => Sparsity(layer) > SkippableFrom;

    /// <param name="sparsities">(layers)</param>
    public void Calibrate(Span<double> sparsities)
    {
        Guard.Length(sparsities.Length, Layers, "sparsities");
        for (var layer = 0; layer < sparsities.Length; layer++)
            sparsities[layer] = Sparsity(layer);
    }

    [MethodImpl(Simd.Loop)]
    internal static long CountSmall(ReadOnlySpan<float> values, float threshold)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var bound = Vector512.Create(threshold);
        // A lane that holds is minus one.
        Vector512<int> a = default, b = default;
        var index = 0;
        for (; index <= values.Length - 32; index += 32)
        {
            a -= Vector512.LessThan(Vector512.Abs(Simd.Load(ref start, index)), bound).AsInt32();
            b -= Vector512.LessThan(Vector512.Abs(Simd.Load(ref start, index + 16)), bound).AsInt32();
        }
        long count = Vector512.Sum(a + b);
        for (; index < values.Length; index++)
            count += MathF.Abs(values[index]) < threshold ? 1 : 0;
        return count;
    }

    void Check(int layer)
    {
        if (layer < 0 || layer >= Layers)
            throw ServingErrors.OutOfRange("layer", layer, $"0 to {Layers - 1}");
    }
}
