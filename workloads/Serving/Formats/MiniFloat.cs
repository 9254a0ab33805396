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
