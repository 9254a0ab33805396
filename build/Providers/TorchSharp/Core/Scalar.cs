using System.Numerics;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number or truth value given to an operator.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(Kind kind, long bits) => (Kind, Bits) = (kind, bits);

    internal Kind Kind { get; }
    internal long Bits { get; }

    public torch.ScalarType Type => Kind switch
    {
        Kind.Int => torch.ScalarType.Int64,
        Kind.Bool => torch.ScalarType.Bool,
        _ => torch.ScalarType.Float64,
    };

    private double Number => Kind == Kind.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    public static implicit operator Scalar(byte value) => new(Kind.Int, value);
    public static implicit operator Scalar(sbyte value) => new(Kind.Int, value);
    public static implicit operator Scalar(short value) => new(Kind.Int, value);
    public static implicit operator Scalar(int value) => new(Kind.Int, value);
    public static implicit operator Scalar(long value) => new(Kind.Int, value);
    public static implicit operator Scalar(Half value) => (double)value;
    public static implicit operator Scalar(float value) => (double)value;
    public static implicit operator Scalar(double value) => new(Kind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Scalar(bool value) => new(Kind.Bool, value ? 1 : 0);

    internal T As<T>() where T : INumberBase<T> =>
        Kind == Kind.Double ? T.CreateTruncating(Number) : T.CreateTruncating(Bits);

    internal double AsDouble => Number;

    /// <summary>Nothing to free: the value lives in the object. Here because callers dispose scalars.</summary>
    public void Dispose()
    {
    }

    public override string ToString() => Kind switch
    {
        Kind.Int => Bits.ToString(),
        Kind.Bool => Bits != 0 ? "True" : "False",
        _ => Number.ToString("R"),
    };
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;
    public static float ToSingle(this Scalar value) => value.As<float>();
    public static double ToDouble(this Scalar value) => value.As<double>();
    public static Half ToHalf(this Scalar value) => value.As<Half>();
    public static byte ToByte(this Scalar value) => value.As<byte>();
    public static sbyte ToSByte(this Scalar value) => value.As<sbyte>();
    public static short ToInt16(this Scalar value) => value.As<short>();
    public static int ToInt32(this Scalar value) => value.As<int>();
    public static long ToInt64(this Scalar value) => value.As<long>();
    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
}
