using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Formats;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Mx;

/// <summary>
/// MX4, MX6 and MX9 of "With Shared Microexponents, A Little Shifting Goes a Long Way" (Rouhani et al. 2023): 16 elements share an
/// exponent, and each two of them a bit that halves it where both are small.
/// </summary>
/// <param name="mantissaBits">2, 4 or 7: with sign, exponent and bits shared, 4, 6 or 9 bits per element.</param>
sealed class SharedMicroexponents(int mantissaBits)
{
    public const int Tile = 16;

    const int ExponentBias = 127;
    const int FloatMantissaBits = 23;

    // Below, the step of a tile would be no normal number.
    readonly int _leastExponent = mantissaBits - 126;

    public string Name { get; } = $"MX{mantissaBits + 2}";

    public int Most => (1 << mantissaBits) - 1;

    public static int Tiles(int count) => (count + Tile - 1) / Tile;

    /// <param name="values">(count), finite</param>
    /// <param name="codes">(tiles · 16): sign above the mantissa</param>
    /// <param name="exponents">(tiles), plus 127</param>
    /// <param name="halved">(tiles): a bit for each two elements</param>
    public void Encode(ReadOnlySpan<float> values, Span<byte> codes, Span<byte> exponents, Span<byte> halved)
    {
        Check(values.Length, codes.Length, exponents.Length, halved.Length);
        Guard.Finite(values, "values to encode");
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(codes);
        var whole = values.Length / Tile;
        for (var tile = 0; tile < whole; tile++)
            (exponents[tile], halved[tile]) = EncodeTile(Vector512.LoadUnsafe(ref from, (nuint)(tile * Tile)), ref Unsafe.Add(ref to, tile * Tile));
        if (whole == exponents.Length)
            return;
        Span<float> rest = stackalloc float[Tile];
        rest.Clear();
        values[(whole * Tile)..].CopyTo(rest);
        (exponents[whole], halved[whole]) = EncodeTile(Vector512.LoadUnsafe(ref rest[0]), ref Unsafe.Add(ref to, whole * Tile));
    }

    public void Decode(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> exponents, ReadOnlySpan<byte> halved, Span<float> output)
    {
        Check(output.Length, codes.Length, exponents.Length, halved.Length);
        ref var from = ref MemoryMarshal.GetReference(codes);
        for (var tile = 0; tile < exponents.Length; tile++)
        {
            var values = DecodeTile(Vector128.LoadUnsafe(ref from, (nuint)(tile * Tile)), exponents[tile] - ExponentBias, halved[tile]);
            if ((tile + 1) * Tile <= output.Length)
                values.StoreUnsafe(ref output[tile * Tile]);
            else
                CopyRest(values, output[(tile * Tile)..]);
        }
    }

    /// <summary>The teaching form of one tile.</summary>
    public (int[] Codes, byte Exponent, byte Halved) EncodePlain(ReadOnlySpan<float> tile)
    {
        var exponent = _leastExponent;
        foreach (var value in tile)
            exponent = Math.Max(exponent, value == 0 ? _leastExponent : Math.ILogB(value));
        var (codes, halved) = (new int[tile.Length], 0);
        for (var index = 0; index < tile.Length; index++)
        {
            var other = index ^ 1;
            var larger = Math.Max(Math.Abs(tile[index]), other < tile.Length ? Math.Abs(tile[other]) : 0);
            var shift = larger < Math.ScaleB(1, exponent) ? 1 : 0;
            halved |= shift << (index / 2);
            var steps = Math.Round(Math.ScaleB(Math.Abs(tile[index]), mantissaBits - 1 + shift - exponent), MidpointRounding.ToEven);
            codes[index] = (int)Math.Min(steps, Most) | (float.IsNegative(tile[index]) ? Most + 1 : 0);
        }
        return (codes, (byte)(exponent + ExponentBias), (byte)halved);
    }

    (byte Exponent, byte Halved) EncodeTile(Vector512<float> values, ref byte codes)
    {
        var magnitude = Vector512.Abs(values);
        var largest = BitConverter.SingleToInt32Bits(Simd.LargestLane(new Wide512(magnitude)));
        var exponent = Math.Max((largest >> FloatMantissaBits) - ExponentBias, _leastExponent);
        var neighbour = Vector512.Shuffle(magnitude, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
        var small = Vector512.LessThan(Vector512.Max(magnitude, neighbour), Vector512.Create(PowerOfTwo(exponent))).AsInt32();
        var perStep = Vector512.Create(PowerOfTwo(mantissaBits - 1 - exponent));
        var steps = Vector512.Round(magnitude * perStep
            * Vector512.ConditionalSelect(small.AsSingle(), Vector512.Create(2f), Vector512<float>.One));
        var mantissa = Vector512.ConvertToInt32Native(Vector512.Min(steps, Vector512.Create((float)Most)));
        var sign = (values.AsInt32() >>> 31) << mantissaBits;
        Bytes.Narrow(mantissa | sign).StoreUnsafe(ref codes);
        var bits = small & Vector512.Create(1, 0, 2, 0, 4, 0, 8, 0, 16, 0, 32, 0, 64, 0, 128, 0);
        return ((byte)(exponent + ExponentBias), (byte)Vector512.Sum(bits));
    }

    Vector512<float> DecodeTile(Vector128<byte> codes, int exponent, byte halved)
    {
        var wide = Bytes.Widen(codes);
        var step = Vector512.Create(PowerOfTwo(exponent - (mantissaBits - 1)));
        var bits = Vector512.Create(1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64, 128, 128);
        var small = Vector512.GreaterThan(bits & Vector512.Create((int)halved), Vector512<int>.Zero);
        var values = Vector512.ConvertToSingle(wide & Vector512.Create(Most)) * step
            * Vector512.ConditionalSelect(small.AsSingle(), Vector512.Create(0.5f), Vector512<float>.One);
        return (values.AsInt32() | ((wide >>> mantissaBits) << 31)).AsSingle();
    }

    static void CopyRest(Vector512<float> values, Span<float> output)
    {
        Span<float> rest = stackalloc float[Tile];
        values.CopyTo(rest);
        rest[..output.Length].CopyTo(output);
    }

    static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + ExponentBias) << FloatMantissaBits);

    static void Check(int count, int codes, int exponents, int halved)
    {
        Guard.NotEmpty(count, "values");
        Guard.Length(codes, Tiles(count) * Tile, "codes");
        Guard.Length(exponents, Tiles(count), "exponents");
        Guard.Length(halved, Tiles(count), "bytes of halving bits");
    }
}
