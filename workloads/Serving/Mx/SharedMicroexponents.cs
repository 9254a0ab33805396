namespace MlPerfEdu.Serving.Mx;

/// <summary>MX4, MX6 and MX9 of "With Shared Microexponents, A Little Shifting Goes a Long Way" (Rouhani et al. 2023): 16 elements share an
/// exponent, and each two of them a bit that halves it where both are small.</summary>
/// <param name="mantissaBits">2, 4 or 7: with sign, exponent and bits shared, 4, 6 or 9 bits per element.</param>
sealed class SharedMicroexponents(int mantissaBits)
{
    public const int Tile = 16;

    const int Half = Tile / 2;
    const int ExponentBias = 127;
    const int FloatMantissaBits = 23;

    // Below, the step of a tile would be no normal number.
    readonly int leastExponent = mantissaBits - 126;

    public string Name { get; } = $"MX{mantissaBits + 2}";
    public int Most => (1 << mantissaBits) - 1;
    public static int Tiles(int count) => (count + Tile - 1) / Tile;

    /// <param name="values">(count), finite</param>
    // codes (tiles · 16): sign above the mantissa; exponents (tiles), plus 127; halved (tiles): a bit for each two elements
    public void Encode(ReadOnlySpan<float> values, Span<byte> codes, Span<byte> exponents, Span<byte> halved)
    {
        Check(values.Length, codes.Length, exponents.Length, halved.Length);
        Guard.Finite(values, "values to encode");
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(codes);
        var whole = values.Length / Tile;
        for (var tile = 0; tile < whole; tile++)
            (exponents[tile], halved[tile]) = EncodeTile(ref Unsafe.Add(ref from, tile * Tile), ref Unsafe.Add(ref to, tile * Tile));
        if (whole == exponents.Length)
            return;
        Span<float> rest = stackalloc float[Tile];
        rest.Clear();
        values[(whole * Tile)..].CopyTo(rest);
        (exponents[whole], halved[whole]) = EncodeTile(ref rest[0], ref Unsafe.Add(ref to, whole * Tile));
    }

    public void Decode(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> exponents, ReadOnlySpan<byte> halved, Span<float> output)
    {
        Check(output.Length, codes.Length, exponents.Length, halved.Length);
        ref var from = ref MemoryMarshal.GetReference(codes);
        ref var to = ref MemoryMarshal.GetReference(output);
        var whole = output.Length / Tile;
        for (var tile = 0; tile < whole; tile++)
            DecodeTile(ref Unsafe.Add(ref from, tile * Tile), exponents[tile], halved[tile], ref Unsafe.Add(ref to, tile * Tile));
        if (whole == exponents.Length)
            return;
        Span<float> rest = stackalloc float[Tile];
        DecodeTile(ref Unsafe.Add(ref from, whole * Tile), exponents[whole], halved[whole], ref rest[0]);
        rest[..(output.Length % Tile)].CopyTo(output[(whole * Tile)..]);
    }

    /// <summary>The plain form of one tile.</summary>
    public (int[] Codes, byte Exponent, byte Halved) EncodePlain(ReadOnlySpan<float> tile)
    {
        var exponent = leastExponent;
        foreach (var value in tile)
            exponent = Math.Max(exponent, value == 0 ? leastExponent : Math.ILogB(value));
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

    (byte Exponent, byte Halved) EncodeTile(ref float values, ref byte codes)
    {
        var (low, high) = (Vector256.LoadUnsafe(ref values), Vector256.LoadUnsafe(ref values, Half));
        var largest = Simd.LargestLane(new Wide256(Vector256.Max(Vector256.Abs(low), Vector256.Abs(high))));
        var exponent = Math.Max((BitConverter.SingleToInt32Bits(largest) >> FloatMantissaBits) - ExponentBias, leastExponent);
        var (ofLow, smallOfLow) = EncodeHalf(low, exponent);
        var (ofHigh, smallOfHigh) = EncodeHalf(high, exponent);
        Bytes.Narrow(Vector512.Create(ofLow, ofHigh)).StoreUnsafe(ref codes);
        return ((byte)(exponent + ExponentBias), EverySecond(smallOfLow | smallOfHigh << Half));
    }

    /// <summary>The codes of half a tile, and a bit for each element of a pair that is small.</summary>
    [MethodImpl(Simd.Inline)]
    (Vector256<int> Codes, uint Small) EncodeHalf(Vector256<float> values, int exponent)
    {
        var magnitude = Vector256.Abs(values);
        var neighbour = Vector256.Shuffle(magnitude, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
        var small = Vector256.LessThan(Vector256.Max(magnitude, neighbour), Vector256.Create(PowerOfTwo(exponent)));
        var perStep = Vector256.Create(PowerOfTwo(mantissaBits - 1 - exponent));
        var steps = Vector256.Round(magnitude * perStep * Vector256.ConditionalSelect(small, Vector256.Create(2f), Vector256<float>.One));
        var mantissa = Vector256.ConvertToInt32Native(Vector256.Min(steps, Vector256.Create((float)Most)));
        var sign = (values.AsInt32() >>> 31) << mantissaBits;
        return (mantissa | sign, small.ExtractMostSignificantBits());
    }

    void DecodeTile(ref byte codes, byte exponent, byte halved, ref float values)
    {
        var wide = Bytes.Widen(Vector128.LoadUnsafe(ref codes));
        var step = PowerOfTwo(exponent - ExponentBias - (mantissaBits - 1));
        DecodeHalf(wide.GetLower(), step, halved).StoreUnsafe(ref values);
        DecodeHalf(wide.GetUpper(), step, halved >> (Half / 2)).StoreUnsafe(ref values, Half);
    }

    [MethodImpl(Simd.Inline)]
    Vector256<float> DecodeHalf(Vector256<int> codes, float step, int halved)
    {
        var bits = Vector256.Create(1, 1, 2, 2, 4, 4, 8, 8);
        var small = Vector256.Equals(bits & Vector256.Create(halved), bits);
        var values = Vector256.ConvertToSingle(codes & Vector256.Create(Most))
            * Vector256.ConditionalSelect(small.AsSingle(), Vector256.Create(0.5f * step), Vector256.Create(step));
        return (values.AsInt32() | ((codes >>> mantissaBits) << 31)).AsSingle();
    }

    // 0b…ccbbaa → 0b…cba
    static byte EverySecond(uint bits)
    {
        bits &= 0x5555;
        bits = (bits | bits >> 1) & 0x3333;
        bits = (bits | bits >> 2) & 0x0f0f;
        return (byte)(bits | bits >> 4);
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
