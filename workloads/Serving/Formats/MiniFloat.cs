namespace MlPerfEdu.Serving.Formats;

/// <summary>A float of at most eight bits: sign, exponent, mantissa; of OCP's OFP8 (2023) and Microscaling Formats v1.0 (2023).</summary>
interface IMiniFloat
{
    static abstract string Name { get; }
    static abstract int Bits { get; }
    static abstract int MantissaBits { get; }
    static abstract int Bias { get; }
    /// <summary>The code of the largest finite number; larger ones, without their sign, are infinity or NaN.</summary>
    static abstract int LargestCode { get; }
    /// <summary>The code of infinity; larger than all codes where there is none.</summary>
    static abstract int InfinityCode { get; }
}

struct E4M3 : IMiniFloat
{
    public static string Name => "E4M3";
    public static int Bits => 8;
    public static int MantissaBits => 3;
    public static int Bias => 7;
    public static int LargestCode => 0x7e;
    public static int InfinityCode => 0x100;
}

struct E5M2 : IMiniFloat
{
    public static string Name => "E5M2";
    public static int Bits => 8;
    public static int MantissaBits => 2;
    public static int Bias => 15;
    public static int LargestCode => 0x7b;
    public static int InfinityCode => 0x7c;
}

struct E3M2 : IMiniFloat
{
    public static string Name => "E3M2";
    public static int Bits => 6;
    public static int MantissaBits => 2;
    public static int Bias => 3;
    public static int LargestCode => 0x1f;
    public static int InfinityCode => 0x100;
}

struct E2M3 : IMiniFloat
{
    public static string Name => "E2M3";
    public static int Bits => 6;
    public static int MantissaBits => 3;
    public static int Bias => 1;
    public static int LargestCode => 0x1f;
    public static int InfinityCode => 0x100;
}

struct E2M1 : IMiniFloat
{
    public static string Name => "E2M1";
    public static int Bits => 4;
    public static int MantissaBits => 1;
    public static int Bias => 1;
    public static int LargestCode => 0x7;
    public static int InfinityCode => 0x100;
}

/// <summary>The definition of a format, and rounding by a search through all its numbers. The oracle of <see cref="MiniFloat{T}"/>.</summary>
static class PlainMiniFloat<T> where T : struct, IMiniFloat
{
    static readonly double[] Magnitudes = [.. Enumerable.Range(0, T.LargestCode + 1).Select(Magnitude)];

    static int Sign => 1 << (T.Bits - 1);

    public static double Decode(int code)
    {
        var magnitude = code & (Sign - 1);
        var value = magnitude <= T.LargestCode ? Magnitudes[magnitude] : magnitude == T.InfinityCode ? double.PositiveInfinity : double.NaN;
        return code >= Sign ? -value : value;
    }

    /// <summary>To nearest, ties to the even code, saturating.</summary>
    public static int Encode(double value)
    {
        var magnitude = Math.Abs(value);
        var sign = double.IsNegative(value) ? Sign : 0;
        if (double.IsPositiveInfinity(magnitude) && T.InfinityCode < Sign)
            return sign | T.InfinityCode;
        if (magnitude >= Magnitudes[^1])
            return sign | T.LargestCode;
        var above = Array.FindIndex(Magnitudes, candidate => candidate > magnitude);
        var (toLower, toUpper) = (magnitude - Magnitudes[above - 1], Magnitudes[above] - magnitude);
        return sign | (toLower < toUpper || (toLower == toUpper && above % 2 == 1) ? above - 1 : above);
    }

    // exponent 0: mantissa · 2^(1 − bias − bits); otherwise an implied one stands before the mantissa
    static double Magnitude(int code)
    {
        var (exponent, mantissa) = (code >> T.MantissaBits, code & ((1 << T.MantissaBits) - 1));
        return exponent == 0
            ? Math.ScaleB(mantissa, 1 - T.Bias - T.MantissaBits)
            : Math.ScaleB((1 << T.MantissaBits) + mantissa, exponent - T.Bias - T.MantissaBits);
    }
}

/// <summary>Encodes and decodes 16 numbers at a time: to nearest, ties to even, saturating, with infinity and NaN where the format has them.</summary>
static class MiniFloat<T> where T : struct, IMiniFloat
{
    const int FloatMantissaBits = 23;
    const int FloatBias = 127;

    static int LeastExponent => 1 - T.Bias;
    static int Sign => 1 << (T.Bits - 1);
    public static float Largest { get; } = (float)PlainMiniFloat<T>.Decode(T.LargestCode);

    /// <summary>The exponent of the largest number: the format's own range begins where a tile's scale ends.</summary>
    public static int LargestExponent { get; } = Math.ILogB(PlainMiniFloat<T>.Decode(T.LargestCode));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Encode(Vector512<float> values) => Vector512.Create(Encode(values.GetLower()), Encode(values.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(Vector512<int> codes) => Vector512.Create(Decode(codes.GetLower()), Decode(codes.GetUpper()));

    // Adding 2^(e + 23 − m) to a number of exponent e leaves m bits of its mantissa: the adder rounds, and what it leaves is the code
    // but for the exponent. A carry out of the mantissa goes into the exponent, as it must.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Encode(Vector256<float> values)
    {
        var bits = values.AsInt32();
        var magnitude = bits & Vector256.Create(0x7fffffff);
        var bounded = Vector256.Min(magnitude, Vector256.Create(BitConverter.SingleToInt32Bits(Largest)));
        var exponent = Vector256.Max(bounded & Vector256.Create(0x7f800000), Vector256.Create((LeastExponent + FloatBias) << FloatMantissaBits));
        var rounder = exponent + Vector256.Create((FloatMantissaBits - T.MantissaBits) << FloatMantissaBits);
        var mantissa = (bounded.AsSingle() + rounder.AsSingle()).AsInt32() - rounder;
        var steps = (exponent >>> (FloatMantissaBits - T.MantissaBits)) - Vector256.Create((LeastExponent + FloatBias) << T.MantissaBits);
        var code = mantissa + steps;
        if (T.Bits == 8)
        {
            var special = Vector256.GreaterThan(magnitude, Vector256.Create(0x7f7fffff));
            code = Vector256.ConditionalSelect(special, Special(magnitude), code);
        }
        return code | ((bits >>> (32 - T.Bits)) & Vector256.Create(Sign));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Decode(Vector256<int> codes)
    {
        var magnitude = codes & Vector256.Create(Sign - 1);
        var exponent = magnitude >>> T.MantissaBits;
        var mantissa = magnitude & Vector256.Create((1 << T.MantissaBits) - 1);
        var normal = Vector256.GreaterThan(exponent, Vector256<int>.Zero) & Vector256.Create(1 << T.MantissaBits);
        var power = (Vector256.Max(exponent, Vector256<int>.One) + Vector256.Create(FloatBias - T.Bias - T.MantissaBits))
            << FloatMantissaBits;
        var bits = (Vector256.ConvertToSingle(mantissa | normal) * power.AsSingle()).AsInt32();
        if (T.Bits == 8)
        {
            var kept = (mantissa << (FloatMantissaBits - T.MantissaBits)) | Vector256.Create(0x7f800000);
            bits = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(T.LargestCode)), kept, bits);
        }
        return (bits | ((codes & Vector256.Create(Sign)) << (32 - T.Bits))).AsSingle();
    }

    // Infinity is the largest number where the format has no infinity; NaN keeps the first bits of its payload.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Special(Vector256<int> magnitude)
    {
        var infinity = Vector256.Create(T.InfinityCode < Sign ? T.InfinityCode : T.LargestCode);
        var payload = T.InfinityCode < Sign
            ? Vector256.Max((magnitude >>> (FloatMantissaBits - T.MantissaBits)) & Vector256.Create((1 << T.MantissaBits) - 1),
                Vector256<int>.One)
            : Vector256<int>.Zero;
        var notANumber = Vector256.Create(T.InfinityCode < Sign ? T.InfinityCode : Sign - 1) + payload;
        return Vector256.ConditionalSelect(Vector256.Equals(magnitude, Vector256.Create(0x7f800000)), infinity, notANumber);
    }
}

/// <summary>What must be true of every format, compared with its definition.</summary>
static class CodecChecks
{
    public static IEnumerable<KernelInvariant> Of<T>() where T : struct, IMiniFloat
    {
        List<int> codes = [.. Enumerable.Range(0, 1 << T.Bits)];
        yield return KernelInvariant.None($"{T.Name}: every code decodes as defined",
            codes.Count(code => !Same(Decode<T>(code), PlainMiniFloat<T>.Decode(code))));
        yield return KernelInvariant.None($"{T.Name}: every code survives decoding and encoding", codes.Count(code => Encode<T>(Decode<T>(code)) != code));
        yield return KernelInvariant.None($"{T.Name}: numbers halfway between two go to the even code", Ties<T>(codes));
        yield return KernelInvariant.None($"{T.Name}: any float gets the code of the nearest number", Random<T>());
    }

    static int Ties<T>(IEnumerable<int> codes) where T : struct, IMiniFloat
    {
        var positive = codes.Where(code => code < T.LargestCode).ToList();
        return positive.Count(code =>
        {
            // A float holds the middle exactly: it has many more bits.
            var middle = (Decode<T>(code) + Decode<T>(code + 1)) / 2;
            var even = code % 2 == 0 ? code : code + 1;
            var (below, above) = (Encode<T>(MathF.BitDecrement(middle)), Encode<T>(MathF.BitIncrement(middle)));
            return Encode<T>(middle) != even || Encode<T>(-middle) != (even | 1 << (T.Bits - 1)) || below != code || above != code + 1;
        });
    }

    // Any bits at all, so that exponents far outside the format come too; and numbers around its range.
    static int Random<T>() where T : struct, IMiniFloat
    {
        var random = new RandomData(3);
        return Enumerable.Range(0, 200_000).Count(round =>
        {
            var value = round % 2 == 0
                ? BitConverter.Int32BitsToSingle(random.Below(int.MaxValue) ^ (random.Below(2) << 31))
                : random.Normal() * MiniFloat<T>.Largest / (1 << random.Below(20));
            return !float.IsNaN(value) && Encode<T>(value) != PlainMiniFloat<T>.Encode(value);
        });
    }

    static int Encode<T>(float value) where T : struct, IMiniFloat => MiniFloat<T>.Encode(Vector512.CreateScalar(value))[0];
    static float Decode<T>(int code) where T : struct, IMiniFloat => MiniFloat<T>.Decode(Vector512.CreateScalar(code))[0];

    static bool Same(float found, double expected) =>
        double.IsNaN(expected) ? float.IsNaN(found) : found == expected && float.IsNegative(found) == double.IsNegative(expected);

    /// <summary>Signal-to-noise ratio, 10·log10(Σ x² / Σ (x − x̂)²)</summary>
    public static double Decibels(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        var (signal, noise) = (0.0, 0.0);
        for (var index = 0; index < before.Length; index++)
        {
            var error = (double)before[index] - after[index];
            signal += (double)before[index] * before[index];
            noise += error * error;
        }
        return 10 * Math.Log10(signal / noise);
    }

    public static int Differing<T>(IEnumerable<T> a, IEnumerable<T> b) => a.Zip(b).Count(pair => !Equals(pair.First, pair.Second));
}
