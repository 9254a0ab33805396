namespace MlPerfEdu.Zoo;

public readonly record struct ByteRate(double Value)
{
    public static ByteRate operator *(ByteRate rate, double factor) => new(rate.Value * factor);

    public static ByteRate Min(ByteRate a, ByteRate b) => a.Value <= b.Value ? a : b;
}
