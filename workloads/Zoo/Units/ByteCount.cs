namespace MlPerfEdu.Zoo;

public readonly record struct ByteCount(double Value)
{
    public static ByteCount operator +(ByteCount a, ByteCount b) => new(a.Value + b.Value);

    public static ByteCount operator -(ByteCount a, ByteCount b) => new(a.Value - b.Value);

    public static ByteCount operator *(ByteCount bytes, double factor) => new(bytes.Value * factor);

    public static double operator /(ByteCount a, ByteCount b) => a.Value / b.Value;

    public static Duration operator /(ByteCount bytes, ByteRate rate) => new(bytes.Value / rate.Value);

    public static ByteRate operator /(ByteCount bytes, Duration time) => new(bytes.Value / time.Value);

    public static bool operator <(ByteCount a, ByteCount b) => a.Value < b.Value;

    public static bool operator >(ByteCount a, ByteCount b) => a.Value > b.Value;

    public static bool operator <=(ByteCount a, ByteCount b) => a.Value <= b.Value;

    public static bool operator >=(ByteCount a, ByteCount b) => a.Value >= b.Value;
}
