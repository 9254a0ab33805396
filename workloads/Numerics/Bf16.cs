namespace MlPerfEdu.Numerics;

/// <summary>Numbers of 16 bits: the upper half of an fp32 number, its sign, its whole exponent and 7 bits of its mantissa.</summary>
public static unsafe class Bf16
{
    public const int Bytes = 2;

    const uint Sign = 0x8000_0000, Infinity = 0x7f80_0000, QuietBit = 0x0040_0000;

    /// <summary>The largest relative error of <see cref="Of"/>, but for numbers so small that they lose bits in fp32 already.</summary>
    public const double Rounding = 1.0 / 256;

    /// <summary>The nearest, of two equally near the even one; NaN stays NaN.</summary>
    public static ushort Of(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & ~Sign) > Infinity
            ? (ushort)((bits | QuietBit) >> 16)
            : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    public static float Value(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>to[i] = <see cref="Of"/>(from[i])</summary>
    [MethodImpl(Simd.Loop)]
    public static void Narrow(float* from, ushort* to, nint count)
    {
        var lanes = Vector256<float>.Count;
        nint i = 0;
        for (; i <= count - 2 * lanes; i += 2 * lanes)
            Vector256.Narrow(Upper(Vector256.Load((uint*)from + i)), Upper(Vector256.Load((uint*)from + i + lanes))).Store(to + i);
        for (; i < count; i++) to[i] = Of(from[i]);
    }

    /// <summary>to[i] = <see cref="Value"/>(from[i])</summary>
    [MethodImpl(Simd.Loop)]
    public static void Widen(ushort* from, float* to, nint count)
    {
        var lanes = Vector256<float>.Count;
        nint i = 0;
        for (; i <= count - 2 * lanes; i += 2 * lanes)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            Vector256.ShiftLeft(low, 16).Store((uint*)to + i);
            Vector256.ShiftLeft(high, 16).Store((uint*)to + i + lanes);
        }
        for (; i < count; i++) to[i] = Value(from[i]);
    }

    // The bits of the rounded number, in the lower half of each lane.
    [MethodImpl(Simd.Inline)]
    static Vector256<uint> Upper(Vector256<uint> bits)
    {
        var odd = Vector256.ShiftRightLogical(bits, 16) & Vector256<uint>.One;
        var rounded = bits + Vector256.Create(0x7fffu) + odd;
        // Without their sign, these are positive as signed numbers as well, which more processors compare.
        var isNaN = Vector256.GreaterThan((bits & Vector256.Create(~Sign)).AsInt32(), Vector256.Create((int)Infinity)).AsUInt32();
        return Vector256.ShiftRightLogical(Vector256.ConditionalSelect(isNaN, bits | Vector256.Create(QuietBit), rounded), 16);
    }
}
