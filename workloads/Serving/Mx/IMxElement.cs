using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Formats;

namespace MlPerfEdu.Serving.Mx;

/// <summary>What a tile of OCP's microscaling formats holds besides its scale.</summary>
interface IMxElement
{
    static abstract string Name { get; }

    static abstract int Bits { get; }

    /// <summary>Floor of the binary logarithm of the largest element; the tile's scale leaves its largest value there.</summary>
    static abstract int LargestExponent { get; }

    /// <summary>How a tile's scale is chosen unless the caller says so.</summary>
    static abstract MxScale Scale { get; }

    static abstract Vector512<int> Encode(Vector512<float> scaled);

    static abstract Vector512<float> Decode(Vector512<int> codes);

    /// <summary>The teaching form.</summary>
    static abstract int EncodePlain(double scaled);

    static abstract double DecodePlain(int code);
}

struct MxElement<T> : IMxElement
    where T : struct, IMiniFloat
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

    public static int EncodePlain(double scaled) =>
        (int)Math.Clamp(Math.Round(scaled * PerOne, MidpointRounding.ToEven), Least, Most) & 0xff;

    public static double DecodePlain(int code) => (sbyte)code / (double)PerOne;
}
