namespace MlPerfEdu.Zoo;

/// <summary>Watts.</summary>
public readonly record struct Power(double Value)
{
    public static Power operator *(Power power, double factor) => new(power.Value * factor);

    public static Energy operator *(Power power, Duration time) => new(power.Value * time.Value);
}
