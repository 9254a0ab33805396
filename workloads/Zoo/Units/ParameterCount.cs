namespace MlPerfEdu.Zoo;

/// <summary>Parameters of a model; they become bytes only with a dtype, and FLOP only through a scaling rule.</summary>
public readonly record struct ParameterCount(double Value)
{
    public static ParameterCount operator +(ParameterCount a, ParameterCount b) => new(a.Value + b.Value);

    public static ParameterCount operator -(ParameterCount a, ParameterCount b) => new(a.Value - b.Value);

    public static ParameterCount operator *(ParameterCount parameters, double factor) => new(parameters.Value * factor);

    public ByteCount As(Dtype dtype) => new(Value * dtype.Bytes());
}
