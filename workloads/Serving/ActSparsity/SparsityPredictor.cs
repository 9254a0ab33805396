namespace MlPerfEdu.Serving.ActSparsity;

/// <summary>Counts per layer which share of the activations is near zero, and decides from it where skipping work pays off.</summary>
/// <param name="threshold">Below it, a magnitude counts as zero.</param>
/// <param name="least">The least sparsity to assume, also of layers that were never seen.</param>
public sealed class SparsityPredictor(int layers, float threshold, double least = 0)
{
    readonly long[] small = new long[Guard.Positive(layers, "layers")];
    readonly long[] seen = new long[layers];
    readonly float threshold = Guard.Range(threshold > 0 && float.IsFinite(threshold), "threshold", threshold, "a positive number");
    readonly double least = Guard.Range(least is >= 0 and <= 1, "least sparsity", least, "0 to 1");

    public int Layers => small.Length;

    public void Record(int layer, ReadOnlySpan<float> activations)
    {
        CheckLayer(layer);
        Guard.NotEmpty(activations.Length, "activations");
        var small = CountSmall(activations, threshold, out var finite);
        if (!finite)
            Guard.Finite(activations, "activations");
        this.small[layer] += small;
        seen[layer] += activations.Length;
    }

    public double Sparsity(int layer)
    {
        CheckLayer(layer);
        return seen[layer] == 0 ? least : Math.Max(least, (double)small[layer] / seen[layer]);
    }

    public void Calibrate(Span<double> sparsities)
    {
        Guard.Length(sparsities.Length, Layers, "sparsities");
        for (var layer = 0; layer < sparsities.Length; layer++)
            sparsities[layer] = Sparsity(layer);
    }

    internal static long CountSmall(ReadOnlySpan<float> values, float threshold, out bool finite) => Simd.Is512
        ? CountSmall<Wide512>(values, threshold, out finite)
        : CountSmall<Wide256>(values, threshold, out finite);

    /// <param name="finite">Whether all values are; checked in the same pass.</param>
    [MethodImpl(Simd.Loop)]
    static long CountSmall<T>(ReadOnlySpan<float> values, float threshold, out bool finite) where T : struct, IWide<T>
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

    void CheckLayer(int layer)
    {
        if (layer < 0 || layer >= Layers)
            throw KernelErrors.OutOfRange("layer", layer, $"0 to {Layers - 1}");
    }
}

public sealed class SparseGate(float threshold)
{
    readonly float threshold = Guard.Range(threshold > 0 && float.IsFinite(threshold), "threshold", threshold, "a positive number");

    /// <summary>Share of the last input that passed; 1 before there was one.</summary>
    public double Kept { get; private set; } = 1;

    /// <param name="output">May be the activations themselves.</param>
    public void Apply(ReadOnlySpan<float> activations, Span<float> output)
    {
        Guard.NotEmpty(activations.Length, "activations");
        Guard.Length(output.Length, activations.Length, "the output");
        Guard.Finite(activations, "activations");
        var kept = Simd.Is512 ? Pass<Wide512>(activations, output, threshold) : Pass<Wide256>(activations, output, threshold);
        Kept = (double)kept / activations.Length;
    }

    /// <returns>How many passed.</returns>
    [MethodImpl(Simd.Loop)]
    static int Pass<T>(ReadOnlySpan<float> activations, Span<float> output, float threshold) where T : struct, IWide<T>
    {
        ref float from = ref MemoryMarshal.GetReference(activations), to = ref MemoryMarshal.GetReference(output);
        var bound = T.Create(threshold);
        var kept = 0;
        nint index = 0;
        for (; index <= activations.Length - 2 * T.Lanes; index += 2 * T.Lanes)
        {
            var first = Pass(T.Load(ref from, index), bound, ref to, index);
            var second = Pass(T.Load(ref from, index + T.Lanes), bound, ref to, index + T.Lanes);
            kept += BitOperations.PopCount(((ulong)first << T.Lanes) | second);
        }
        for (; index < activations.Length; index++)
        {
            var passes = MathF.Abs(activations[(int)index]) >= threshold;
            output[(int)index] = passes ? activations[(int)index] : 0;
            kept += passes ? 1 : 0;
        }
        return kept;
    }

    /// <returns>A bit per lane that passed.</returns>
    [MethodImpl(Simd.Inline)]
    static uint Pass<T>(T some, T bound, ref float to, nint index) where T : struct, IWide<T>
    {
        var passes = T.AtLeast(T.Abs(some), bound);
        (some & passes).Store(ref to, index);
        return T.Bits(passes);
    }
}

[Kernels("act-sparsity")]
public sealed class ActSparsityKernels : IKernels
{
    internal const float Threshold = 0.01f;
    internal const int Layers = 4;

    public IEnumerable<Kernel> Kernels()
    {
        var activations = new AlignedBuffer<float>(new RandomData(42).Normals(16 * 256));
        var output = new AlignedBuffer<float>(activations.Length);
        var (predictor, sparsities, gate) = (new SparsityPredictor(Layers, Threshold), new double[Layers], new SparseGate(Threshold));
        return
        [
            new("record", () => predictor.Record(0, activations.Span)) { Bytes = activations.Length * sizeof(float) },
            new("calibrate", () => predictor.Calibrate(sparsities)),
            new("gate", () => gate.Apply(activations.Span, output.Span)) { Bytes = 2 * activations.Length * sizeof(float) },
        ];
    }
}
