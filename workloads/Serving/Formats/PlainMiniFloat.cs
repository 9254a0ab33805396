namespace MlPerfEdu.Serving.Formats;

/// <summary>
/// The definition of a format, written out, and rounding by looking at every number it has. The oracle of <see cref="MiniFloat{T}"/>.
/// </summary>
static class PlainMiniFloat<T>
    where T : struct, IMiniFloat
{
    static readonly double[] Magnitudes = [.. Enumerable.Range(0, T.LargestCode + 1).Select(Magnitude)];

    static int Sign => 1 << (T.Bits - 1);

    public static double Decode(int code)
    {
        var magnitude = code & (Sign - 1);
        var value = magnitude <= T.LargestCode ? Magnitudes[magnitude]
            : magnitude == T.InfinityCode ? double.PositiveInfinity : double.NaN;
        return code >= Sign ? -value : value;
    }

    /// <summary>To the nearest number, of two equally near ones to that with an even code, and no further than to the largest.</summary>
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
