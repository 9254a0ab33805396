namespace MlPerfEdu.Serving.Fp8;

/// <summary>Eight-bit floats with one scale per block, chosen so that the largest magnitude of the block is the format's largest number.</summary>
/// <remarks>A row of a matrix is a block of its length; the last block may be shorter.</remarks>
static class Fp8Quantizer<T> where T : struct, IMiniFloat
{
    // A smaller one would have an infinite reciprocal.
    const float LeastScale = 1.17549435e-38f;

    public static int Blocks(int count, int block) => (count + block - 1) / block;

    // values (count), finite; codes (count); scales (blocks)
    public static void Encode(ReadOnlySpan<float> values, int block, Span<byte> codes, Span<float> scales)
    {
        Check(values.Length, codes.Length, scales.Length, block);
        Guard.Finite(values, "values to encode");
        for (var index = 0; index < scales.Length; index++)
        {
            var from = index * block;
            var part = values.Slice(from, Math.Min(block, values.Length - from));
            scales[index] = Scale(Simd.MaxMagnitude(part));
            Encode(part, 1 / scales[index], codes[from..]);
        }
    }

    public static void Decode(ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, int block, Span<float> output)
    {
        Check(output.Length, codes.Length, scales.Length, block);
        for (var index = 0; index < scales.Length; index++)
        {
            var from = index * block;
            Decode(codes.Slice(from, Math.Min(block, codes.Length - from)), scales[index], output[from..]);
        }
    }

    /// <summary>The plain form: one number after the other.</summary>
    public static void EncodePlain(ReadOnlySpan<float> values, int block, Span<byte> codes, Span<float> scales)
    {
        for (var index = 0; index < scales.Length; index++)
        {
            var part = values[(index * block)..Math.Min((index + 1) * block, values.Length)];
            var largest = 0f;
            foreach (var value in part)
                largest = MathF.Max(largest, MathF.Abs(value));
            scales[index] = Scale(largest);
            for (var at = 0; at < part.Length; at++)
                codes[index * block + at] = (byte)PlainMiniFloat<T>.Encode(part[at] * (1 / scales[index]));
        }
    }

    static float Scale(float largest) => largest == 0 ? 1 : MathF.Max(largest / MiniFloat<T>.Largest, LeastScale);

    static void Encode(ReadOnlySpan<float> values, float factor, Span<byte> codes)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(codes);
        var index = 0;
        for (; index <= values.Length - Bytes.Count; index += Bytes.Count)
            Bytes.Narrow(MiniFloat<T>.Encode(Vector512.LoadUnsafe(ref from, (nuint)index) * factor)).StoreUnsafe(ref to, (nuint)index);
        for (; index < values.Length; index++)
            codes[index] = (byte)MiniFloat<T>.Encode(Vector512.CreateScalar(values[index] * factor))[0];
    }

    static void Decode(ReadOnlySpan<byte> codes, float scale, Span<float> output)
    {
        ref var from = ref MemoryMarshal.GetReference(codes);
        ref var to = ref MemoryMarshal.GetReference(output);
        var index = 0;
        for (; index <= codes.Length - Bytes.Count; index += Bytes.Count)
            (MiniFloat<T>.Decode(Bytes.Widen(Vector128.LoadUnsafe(ref from, (nuint)index))) * scale).StoreUnsafe(ref to, (nuint)index);
        for (; index < codes.Length; index++)
            output[index] = MiniFloat<T>.Decode(Vector512.CreateScalar((int)codes[index]))[0] * scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Check(int count, int codes, int scales, int block)
    {
        Guard.NotEmpty(count, "values");
        Guard.Positive(block, "block size");
        Guard.Length(codes, count, "codes");
        Guard.Length(scales, Blocks(count, block), "scales");
    }
}

[Kernels("fp8")]
public sealed class Fp8Kernels : IKernels
{
    internal const int Rows = 128;
    internal const int Columns = 128;

    readonly float[] values = new RandomData(42).Normals(Rows * Columns);

    public IEnumerable<Kernel> Kernels()
    {
        const double bytes = Rows * Columns * (sizeof(float) + sizeof(byte)) + Rows * sizeof(float);
        var (codes, scales, output) = (new byte[values.Length], new float[Rows], new float[values.Length]);
        yield return new("encode-e4m3", () => Fp8Quantizer<E4M3>.Encode(values, Columns, codes, scales)) { Bytes = bytes };
        yield return new("decode-e4m3", () => Fp8Quantizer<E4M3>.Decode(codes, scales, Columns, output)) { Bytes = bytes };
        var (codes5, scales5) = (new byte[values.Length], new float[Rows]);
        yield return new("encode-e5m2", () => Fp8Quantizer<E5M2>.Encode(values, Columns, codes5, scales5)) { Bytes = bytes };
    }
}
