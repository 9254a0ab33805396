namespace MlPerfEdu.Zoo;

// A type for each unit, so that mixing them up does not compile: FLOP over FLOP/s is a time, bytes over FLOP/s is an error.

/// <summary>Floating-point operations: an amount of work, never a speed.</summary>
public readonly record struct Flop(double Value)
{
    public static Flop operator +(Flop a, Flop b) => new(a.Value + b.Value);
    public static Flop operator *(Flop work, double factor) => new(work.Value * factor);
    public static Duration operator /(Flop work, FlopRate rate) => new(work.Value / rate.Value);
    public static FlopRate operator /(Flop work, Duration time) => new(work.Value / time.Value);
    public static Intensity operator /(Flop work, ByteCount bytes) => new(work.Value / bytes.Value);
}

/// <summary>Floating-point operations per second.</summary>
public readonly record struct FlopRate(double Value)
{
    public static FlopRate operator *(FlopRate rate, double factor) => new(rate.Value * factor);
    public static double operator /(FlopRate a, FlopRate b) => a.Value / b.Value;

    /// <summary>The ridge of a roofline.</summary>
    public static Intensity operator /(FlopRate rate, ByteRate bandwidth) => new(rate.Value / bandwidth.Value);
}

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

/// <summary>Bytes per second.</summary>
public readonly record struct ByteRate(double Value)
{
    public static ByteRate operator *(ByteRate rate, double factor) => new(rate.Value * factor);
    public static ByteRate Min(ByteRate a, ByteRate b) => a.Value <= b.Value ? a : b;
}

/// <summary>FLOP per byte.</summary>
public readonly record struct Intensity(double Value);

/// <summary>Parameters of a model; they become bytes only with a dtype, and FLOP only through a scaling rule.</summary>
public readonly record struct ParameterCount(double Value)
{
    public static ParameterCount operator +(ParameterCount a, ParameterCount b) => new(a.Value + b.Value);
    public static ParameterCount operator -(ParameterCount a, ParameterCount b) => new(a.Value - b.Value);
    public static ParameterCount operator *(ParameterCount parameters, double factor) => new(parameters.Value * factor);
    public ByteCount As(Dtype dtype) => new(Value * dtype.Bytes());
}

/// <summary>Seconds; finer and wider than a TimeSpan.</summary>
public readonly record struct Duration(double Value)
{
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

/// <summary>Watts.</summary>
public readonly record struct Power(double Value)
{
    public static Power operator *(Power power, double factor) => new(power.Value * factor);
    public static Energy operator *(Power power, Duration time) => new(power.Value * time.Value);
}

/// <summary>Joules.</summary>
public readonly record struct Energy(double Value);

/// <summary>US dollars.</summary>
public readonly record struct Money(double Value);

/// <summary>How a number is stored.</summary>
public enum Dtype { Fp32, Tf32, Fp16, Bf16, Fp8, Int8, Fp4, Int4 }

/// <summary>One unit of a model's work.</summary>
public enum WorkUnit
{
    Input,
    Image,
    Sequence,
    Token,
    Step,     // one denoising step; an image takes many
}

/// <summary>Names and sizes of the dtypes.</summary>
public static class Dtypes
{
    // By the value of the enum; tf32 is stored as fp32.
    static readonly double[] Sizes = [4, 4, 2, 2, 1, 1, 0.5, 0.5];

    public static IReadOnlyList<string> Names => Words.Of<Dtype>();

    /// <summary>Bytes per parameter.</summary>
    public static double Bytes(this Dtype dtype) => Sizes[(int)dtype];
    public static string Name(this Dtype dtype) => Words.Of<Dtype>()[(int)dtype];
    public static string Name(this WorkUnit unit) => Words.Of<WorkUnit>()[(int)unit];
    public static Dtype? Find(string name) => Words.Find<Dtype>(name);
}
