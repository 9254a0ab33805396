namespace MlPerfEdu.Serving.Mx;

/// <summary>OCP Microscaling Formats v1.0: tiles of 32 elements that share a power of two.</summary>
/// <remarks>The last tile is filled up with zeros. Codes of four bits lie in pairs, the earlier in the lower half; others take a byte.</remarks>
static class MxQuantizer<T> where T : struct, IMxElement
{
    public const int Tile = 32;

    public const int ExponentBias = 127;

    const int FloatMantissaBits = 23;

    public static int CodeBytesPerTile => T.Bits == 4 ? Tile / 2 : Tile;
    public static int Tiles(int count) => (count + Tile - 1) / Tile;

    // values (count), finite; codes (tiles, bytes of a tile); scales (tiles), E8M0: an exponent plus 127
    public static void Encode(ReadOnlySpan<float> values, Span<byte> codes, Span<byte> scales) => Encode(values, codes, scales, T.Scale);

    public static void Encode(ReadOnlySpan<float> values, Span<byte> codes, Span<byte> scales, MxScale scale)
    {
        Check(values.Length, codes.Length, scales.Length);
        Guard.Finite(values, "values to encode");
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(codes);
        var whole = values.Length / Tile;
        for (var tile = 0; tile < whole; tile++)
            scales[tile] = EncodeTile(ref Unsafe.Add(ref from, tile * Tile), ref Unsafe.Add(ref to, tile * CodeBytesPerTile), scale);
        if (whole == scales.Length)
            return;
        Span<float> rest = stackalloc float[Tile];
        rest.Clear();
        values[(whole * Tile)..].CopyTo(rest);
        scales[whole] = EncodeTile(ref rest[0], ref Unsafe.Add(ref to, whole * CodeBytesPerTile), scale);
    }

    public static void Decode(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> scales, Span<float> output)
    {
        Check(output.Length, codes.Length, scales.Length);
        ref var from = ref MemoryMarshal.GetReference(codes);
        ref var to = ref MemoryMarshal.GetReference(output);
        var whole = output.Length / Tile;
        for (var tile = 0; tile < whole; tile++)
            DecodeTile(ref Unsafe.Add(ref from, tile * CodeBytesPerTile), scales[tile], ref Unsafe.Add(ref to, tile * Tile));
        if (whole == scales.Length)
            return;
        Span<float> rest = stackalloc float[Tile];
        DecodeTile(ref Unsafe.Add(ref from, whole * CodeBytesPerTile), scales[whole], ref rest[0]);
        rest[..(output.Length % Tile)].CopyTo(output[(whole * Tile)..]);
    }

    /// <summary>The plain form of one tile: its codes one by one, and its scale.</summary>
    public static (int[] Codes, byte Scale) EncodePlain(ReadOnlySpan<float> tile, MxScale scale)
    {
        var largest = 0f;
        foreach (var value in tile)
            largest = MathF.Max(largest, MathF.Abs(value));
        var exponent = largest == 0 ? -ExponentBias : Math.Max(Math.ILogB(largest) - T.LargestExponent, -ExponentBias);
        var (codes, error) = EncodePlain(tile, exponent);
        if (scale == MxScale.LeastError && largest > 0)
        {
            for (var (other, last) = Neighbours(exponent); other <= last; other += 2)
            {
                var (otherCodes, otherError) = EncodePlain(tile, other);
                if (otherError < error)
                    (codes, exponent, error) = (otherCodes, other, otherError);
            }
        }
        return (codes, (byte)(exponent + ExponentBias));
    }

    /// <summary>A tile's codes with a scale of 2^exponent, and Σ (x − x̂)².</summary>
    public static (int[] Codes, double Error) EncodePlain(ReadOnlySpan<float> tile, int exponent)
    {
        var (codes, error) = (new int[tile.Length], 0.0);
        for (var index = 0; index < tile.Length; index++)
        {
            codes[index] = T.EncodePlain(Math.ScaleB(tile[index], -exponent));
            error += Math.Pow(tile[index] - Math.ScaleB(T.DecodePlain(codes[index]), exponent), 2);
        }
        return (codes, error);
    }

    static byte EncodeTile(ref float values, ref byte codes, MxScale scale)
    {
        var (low, high) = (Vector512.LoadUnsafe(ref values), Vector512.LoadUnsafe(ref values, Bytes.Count));
        var largest = Simd.LargestLane(new Wide512(Vector512.Max(Vector512.Abs(low), Vector512.Abs(high))));
        var exponent = Math.Max((BitConverter.SingleToInt32Bits(largest) >> FloatMantissaBits) - ExponentBias - T.LargestExponent, -ExponentBias);
        if (scale == MxScale.LeastError && largest > 0)
            exponent = LeastError(low, high, exponent);
        var factor = PowerOfTwo(-exponent);
        var (lowCodes, highCodes) = (Bytes.Narrow(T.Encode(low * factor)), Bytes.Narrow(T.Encode(high * factor)));
        if (T.Bits == 4)
            Vector128.Narrow(Paired(lowCodes), Paired(highCodes)).StoreUnsafe(ref codes);
        else
        {
            lowCodes.StoreUnsafe(ref codes);
            highCodes.StoreUnsafe(ref codes, Bytes.Count);
        }
        return (byte)(exponent + ExponentBias);
    }

    static int LeastError(Vector512<float> low, Vector512<float> high, int standard)
    {
        var (best, least) = (standard, Error(low, high, standard));
        for (var (exponent, last) = Neighbours(standard); exponent <= last; exponent += 2)
        {
            // Half the scale makes the same errors twice as many steps.
            var error = MathF.ScaleB(Error(low, high, exponent), 2 * (exponent - standard));
            if (error < least)
                (best, least) = (exponent, error);
        }
        return best;
    }

    // On both sides, or twice the one side that a scale's byte still reaches.
    static (int Lower, int Upper) Neighbours(int exponent) =>
        (exponent > -ExponentBias ? exponent - 1 : exponent + 1, exponent < ExponentBias ? exponent + 1 : exponent - 1);

    // Σ (x − x̂)², of x in steps of the scale: the squares of small numbers would be none.
    static float Error(Vector512<float> low, Vector512<float> high, int exponent)
    {
        var factor = PowerOfTwo(-exponent);
        var (lost, lostAbove) = (low * factor - T.Decode(T.Encode(low * factor)), high * factor - T.Decode(T.Encode(high * factor)));
        return Vector512.Sum(lost * lost + lostAbove * lostAbove);
    }

    static void DecodeTile(ref byte codes, byte scale, ref float values)
    {
        var factor = PowerOfTwo(scale - ExponentBias);
        var first = Vector128.LoadUnsafe(ref codes);
        var (low, high) = (first, first);
        if (T.Bits == 4)
        {
            var (a, b) = Vector128.Widen(first);
            (low, high) = (Parted(a), Parted(b));
        }
        else
            high = Vector128.LoadUnsafe(ref codes, Bytes.Count);
        (T.Decode(Bytes.Widen(low)) * factor).StoreUnsafe(ref values);
        (T.Decode(Bytes.Widen(high)) * factor).StoreUnsafe(ref values, Bytes.Count);
    }

    // 0x0b0a → 0x00ba
    static Vector128<ushort> Paired(Vector128<byte> codes) => (codes.AsUInt16() | (codes.AsUInt16() >>> 4)) & Vector128.Create((ushort)0xff);

    // 0x00ba → 0x0b0a
    static Vector128<byte> Parted(Vector128<ushort> pairs) =>
        ((pairs & Vector128.Create((ushort)0xf)) | ((pairs & Vector128.Create((ushort)0xf0)) << 4)).AsByte();

    // 2^-127 has no exponent field of its own: it is half of the smallest normal number.
    static float PowerOfTwo(int exponent) =>
        BitConverter.Int32BitsToSingle(exponent > -ExponentBias ? (exponent + ExponentBias) << FloatMantissaBits : 1 << (FloatMantissaBits - 1));

    static void Check(int count, int codes, int scales)
    {
        Guard.NotEmpty(count, "values");
        Guard.Length(codes, Tiles(count) * CodeBytesPerTile, "codes");
        Guard.Length(scales, Tiles(count), "scales");
    }
}

/// <summary>Which power of two a tile shares. A decoder takes any; the standard states one rule that every encoder can follow.</summary>
enum MxScale
{
    /// <summary>floor(log2 of the largest value) − the element's largest exponent, as in section 6.3 of the standard.</summary>
    Standard,

    /// <summary>That one, half of it or twice it, whichever loses least of the tile: integers gain by halves, floats by doubles.</summary>
    LeastError,
}

/// <summary>The element type of a tile in OCP's microscaling formats.</summary>
interface IMxElement
{
    static abstract string Name { get; }
    static abstract int Bits { get; }
    /// <summary>⌊log2⌋ of the largest element; the tile's scale leaves its largest value there.</summary>
    static abstract int LargestExponent { get; }
    /// <summary>The default choice of a tile's scale.</summary>
    static abstract MxScale Scale { get; }

    static abstract Vector512<int> Encode(Vector512<float> scaled);

    static abstract Vector512<float> Decode(Vector512<int> codes);

    /// <summary>The plain form.</summary>
    static abstract int EncodePlain(double scaled);

    static abstract double DecodePlain(int code);
}

struct MxElement<T> : IMxElement where T : struct, IMiniFloat
{
    public static string Name { get; } = $"MXFP{T.Bits} {T.Name}";
    public static int Bits => T.Bits;
    public static int LargestExponent => MiniFloat<T>.LargestExponent;
    public static MxScale Scale => MxScale.Standard;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Encode(Vector512<float> scaled) => MiniFloat<T>.Encode(scaled);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(Vector512<int> codes) => MiniFloat<T>.Decode(codes);

    public static int EncodePlain(double scaled) => PlainMiniFloat<T>.Encode(scaled);
    public static double DecodePlain(int code) => PlainMiniFloat<T>.Decode(code);
}

/// <summary>Two's complement with six bits behind the point: −2 to 127/64.</summary>
struct MxInt8 : IMxElement
{
    const float PerOne = 64;
    const float Least = -128;
    const float Most = 127;

    public static string Name => "MXINT8";
    public static int Bits => 8;
    public static int LargestExponent => 0;

    // An integer has the same step everywhere: where the largest value is hardly above a power of two, cutting that one value off costs
    // less than doubling the step of the other 31.
    public static MxScale Scale => MxScale.LeastError;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Encode(Vector512<float> scaled)
    {
        var rounded = Vector512.Round(scaled * PerOne);
        var bounded = Vector512.Min(Vector512.Max(rounded, Vector512.Create(Least)), Vector512.Create(Most));
        return Vector512.ConvertToInt32Native(bounded) & Vector512.Create(0xff);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(Vector512<int> codes) => Vector512.ConvertToSingle((codes << 24) >> 24) * (1 / PerOne);

    public static int EncodePlain(double scaled) => (int)Math.Clamp(Math.Round(scaled * PerOne, MidpointRounding.ToEven), Least, Most) & 0xff;
    public static double DecodePlain(int code) => (sbyte)code / (double)PerOne;
}
