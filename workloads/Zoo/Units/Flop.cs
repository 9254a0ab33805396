namespace MlPerfEdu.Zoo;

/// <summary>Floating-point operations: an amount of work, never a speed.</summary>
public readonly record struct Flop(double Value)
{
    public static Flop operator +(Flop a, Flop b) => new(a.Value + b.Value);

    public static Flop operator *(Flop work, double factor) => new(work.Value * factor);

    public static Duration operator /(Flop work, FlopRate rate) => new(work.Value / rate.Value);

    public static FlopRate operator /(Flop work, Duration time) => new(work.Value / time.Value);

    public static Intensity operator /(Flop work, ByteCount bytes) => new(work.Value / bytes.Value);
}
