namespace MlPerfEdu.Zoo;

/// <summary>Floating-point operations per second.</summary>
public readonly record struct FlopRate(double Value)
{
    public static FlopRate operator *(FlopRate rate, double factor) => new(rate.Value * factor);

    public static double operator /(FlopRate a, FlopRate b) => a.Value / b.Value;

    /// <summary>The ridge of a roofline.</summary>
    public static Intensity operator /(FlopRate rate, ByteRate bandwidth) => new(rate.Value / bandwidth.Value);
}
