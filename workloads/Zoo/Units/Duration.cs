namespace MlPerfEdu.Zoo;

/// <summary>Seconds; finer and wider than a TimeSpan.</summary>
public readonly record struct Duration(double Value)
{
    public static Duration Zero => default;

    public double Milliseconds => Value * 1e3;

    public static Duration FromMilliseconds(double value) => new(value / 1e3);

    public static Duration operator +(Duration a, Duration b) => new(a.Value + b.Value);

    public static Duration operator *(Duration time, double factor) => new(time.Value * factor);

    public static double operator /(Duration a, Duration b) => a.Value / b.Value;

    public static bool operator <(Duration a, Duration b) => a.Value < b.Value;

    public static bool operator >(Duration a, Duration b) => a.Value > b.Value;

    public static bool operator <=(Duration a, Duration b) => a.Value <= b.Value;

    public static bool operator >=(Duration a, Duration b) => a.Value >= b.Value;

    public static Duration Max(Duration a, Duration b) => a.Value >= b.Value ? a : b;
}
