using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        var small = CountSmall(activations, _threshold, out var finite);
        if (!finite)
            Guard.Finite(activations, "activations");
        _small[layer] += small;
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

    internal static long CountSmall(ReadOnlySpan<float> values, float threshold, out bool finite) => Simd.Is512
        ? CountSmall<Wide512>(values, threshold, out finite)
        : CountSmall<Wide256>(values, threshold, out finite);

    /// <param name="finite">Whether all are: seen in the same pass.</param>
    [MethodImpl(Simd.Loop)]
    static long CountSmall<T>(ReadOnlySpan<float> values, float threshold, out bool finite)
        where T : struct, IWide<T>
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var bound = T.Create(threshold);
        T s0 = default, s1 = default, s2 = default, s3 = default;
        var count = 0L;
        nint index = 0;
        for (; index <= values.Length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            var (v0, v1) = (T.Load(ref start, index), T.Load(ref start, index + T.Lanes));
            var (v2, v3) = (T.Load(ref start, index + 2 * T.Lanes), T.Load(ref start, index + 3 * T.Lanes));
            (s0, s1, s2, s3) = (Loops<T>.Oddness(v0, s0), Loops<T>.Oddness(v1, s1), Loops<T>.Oddness(v2, s2), Loops<T>.Oddness(v3, s3));
            count += BitOperations.PopCount(Small(v0, v1, bound)) + BitOperations.PopCount(Small(v2, v3, bound));
        }
        finite = Loops<T>.AreZeros(s0 + s1 + (s2 + s3));
        for (; index < values.Length; index++)
        {
            count += MathF.Abs(values[(int)index]) < threshold ? 1 : 0;
            finite &= float.IsFinite(values[(int)index]);
        }
        return count;
    }

    // A bit per lane of both.
    [MethodImpl(Simd.Inline)]
    static ulong Small<T>(T first, T second, T bound)
        where T : struct, IWide<T> => ((ulong)T.Bits(T.Less(T.Abs(first), bound)) << T.Lanes) | T.Bits(T.Less(T.Abs(second), bound));

    void Check(int layer)
    {
        if (layer < 0 || layer >= Layers)
            throw ServingErrors.OutOfRange("layer", layer, $"0 to {Layers - 1}");
    }
}
