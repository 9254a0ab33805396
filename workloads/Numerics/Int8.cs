using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Numerics;

/// <summary>
/// What kernels of bytes are made of. Activations are whole numbers from 0 to 127: seven bits, so that a byte means the same to instructions
/// that multiply unsigned by signed bytes (x86) and to those that multiply signed ones (Arm), and so that two products of such bytes add up
/// within 16 bits, where AVX2 would otherwise cut them off. Every sum is therefore exact, and the same on every processor.
/// </summary>
static unsafe class Int8
{
    /// <summary>The largest activation, and the largest magnitude of a weight.</summary>
    public const int Largest = 127;

    /// <summary>Sums in one vector: outputs that are computed side by side.</summary>
    public const int Lanes = 8;

    /// <summary>The instructions that multiply here.</summary>
    public static string Instructions =>
        AvxVnni.IsSupported ? "AVX-VNNI" : Avx2.IsSupported ? "AVX2" : Dp.IsSupported ? "Arm DotProd" : "vectors of 32-bit integers";

    /// <summary>sums + x₀·w₀ + x₁·w₁ + x₂·w₂ + x₃·w₃ over the four bytes of each lane.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<int> AddQuads(Vector256<int> sums, Vector256<byte> x, Vector256<sbyte> w)
    {
        if (AvxVnni.IsSupported) return AvxVnni.MultiplyWideningAndAdd(sums, x, w);
        if (Avx2.IsSupported) return sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, w), Vector256<short>.One);
        return Dp.IsSupported
            ? Vector256.Create(
                Dp.DotProduct(sums.GetLower(), x.GetLower().AsSByte(), w.GetLower()), Dp.DotProduct(sums.GetUpper(), x.GetUpper().AsSByte(), w.GetUpper()))
            : AddQuadsPortably(sums, x, w);
    }

    /// <summary>The same with nothing but products of 32-bit integers.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<int> AddQuadsPortably(Vector256<int> sums, Vector256<byte> x, Vector256<sbyte> w)
    {
        Vector256<int> xs = x.AsInt32(), ws = w.AsInt32();
        sums += ((xs << 24) >> 24) * ((ws << 24) >> 24);
        sums += ((xs << 16) >> 24) * ((ws << 16) >> 24);
        sums += ((xs << 8) >> 24) * ((ws << 8) >> 24);
        return sums + (xs >> 24) * (ws >> 24);
    }

    /// <summary>sums + x₀·w₀ + x₁·w₁ over the two 16-bit integers of each lane.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<int> AddPairs(Vector256<int> sums, Vector256<short> x, Vector256<short> w) =>
        Avx2.IsSupported ? sums + Avx2.MultiplyAddAdjacent(x, w) : AddPairsPortably(sums, x, w);

    /// <summary>The same with nothing but products of 32-bit integers.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<int> AddPairsPortably(Vector256<int> sums, Vector256<short> x, Vector256<short> w)
    {
        Vector256<int> xs = x.AsInt32(), ws = w.AsInt32();
        return sums + ((xs << 16) >> 16) * ((ws << 16) >> 16) + (xs >> 16) * (ws >> 16);
    }

    /// <summary>The sums of four vectors.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector128<int> Sums(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d)
    {
        if (!Avx2.IsSupported) return Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
        var pairs = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
        return pairs.GetLower() + pairs.GetUpper();
    }

    /// <summary>x·w of lanes that hold an activation and a weight each.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<int> Multiply(Vector256<int> x, Vector256<int> w) =>
        Avx2.IsSupported ? Avx2.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16()) : x * w;

    /// <summary>Of each lane's four bytes, those that its four indices name; the first eight bytes lie in every half.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<byte> Choose(Vector256<byte> bytes, Vector256<byte> indices) => Avx2.IsSupported
        ? Avx2.Shuffle(bytes, indices)
        : Vector256.Create(Vector128.Shuffle(bytes.GetLower(), indices.GetLower()), Vector128.Shuffle(bytes.GetUpper(), indices.GetUpper()));

    /// <summary>Eight bytes as integers.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<int> Widen(byte* from)
    {
        if (Avx2.IsSupported) return Avx2.ConvertToVector256Int32(from);
        var shorts = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)from).AsByte());
        return Vector256.Create(Vector128.WidenLower(shorts), Vector128.WidenUpper(shorts)).AsInt32();
    }

    /// <summary>Eight numbers from 0 to 127 to the nearest whole ones, ties to even, as bytes.</summary>
    [MethodImpl(Simd.Inline)]
    public static void Store(Vector256<float> values, byte* to)
    {
        if (Avx2.IsSupported)
        {
            var whole = Avx.ConvertToVector256Int32(values);
            var shorts = Sse2.PackSignedSaturate(whole.GetLower(), whole.GetUpper());
            *(ulong*)to = Sse2.PackUnsignedSaturate(shorts, shorts).AsUInt64().ToScalar();
            return;
        }
        var integers = Vector256.ConvertToInt32(Vector256.Round(values));
        var narrow = Vector128.Narrow(integers.GetLower(), integers.GetUpper());
        *(ulong*)to = Vector128.Narrow(narrow, narrow).AsUInt64().ToScalar();
    }
}

/// <summary>From a layer's sums to the bytes that the next layer reads: round(min(max(sum · multiplier + offset (+ residual), low), high)).</summary>
/// <param name="Multiplier">Of each output.</param>
/// <param name="Offset">Of each output; it contains the zero point.</param>
/// <param name="Low">Not below 0.</param>
/// <param name="High">Not above <see cref="Int8.Largest"/>.</param>
/// <param name="ResidualFactor">What a byte of the residual counts for; its zero point is part of the offset.</param>
sealed record Requantisation(float[] Multiplier, float[] Offset, float Low, float High, float ResidualFactor = 0);

/// <summary>A <see cref="Requantisation"/> where the kernels read it.</summary>
sealed unsafe class Epilogue
{
    readonly AlignedBuffer<float> multipliers, offsets;
    readonly float* multiplier, offset;
    readonly float low, high, residualFactor;

    public Epilogue(Requantisation how, int outputs)
    {
        var room = Int8Layer.WholePanels(outputs);
        (multipliers, offsets) = (new(room), new(room));
        how.Multiplier.CopyTo(multipliers.Span);
        how.Offset.CopyTo(offsets.Span);
        multiplier = (float*)Unsafe.AsPointer(ref multipliers[0]);
        offset = (float*)Unsafe.AsPointer(ref offsets[0]);
        (low, high, residualFactor) = (how.Low, how.High, how.ResidualFactor);
    }

    /// <summary>Eight sums; a residual where there is one.</summary>
    [MethodImpl(Simd.Inline)]
    public void Finish(Vector256<int> sums, nint channel, byte* to, byte* residual)
    {
        var y = Vector256.FusedMultiplyAdd(
            Vector256.ConvertToSingle(sums), Vector256.Load(multiplier + channel), Vector256.Load(offset + channel));
        if (residual is not null)
            y = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Int8.Widen(residual)), Vector256.Create(residualFactor), y);
        Int8.Store(Vector256.MinNative(Vector256.MaxNative(y, Vector256.Create(low)), Vector256.Create(high)), to);
    }
}
