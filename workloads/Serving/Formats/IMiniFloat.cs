namespace MlPerfEdu.Serving.Formats;

/// <summary>
/// A float of at most eight bits: sign, exponent, mantissa. OCP's OFP8 (2023) and Microscaling Formats v1.0 (2023) define those here.
/// </summary>
interface IMiniFloat
{
    static abstract string Name { get; }

    static abstract int Bits { get; }

    static abstract int MantissaBits { get; }

    static abstract int Bias { get; }

    /// <summary>The code of the largest finite number; greater ones, without their sign, are infinity or no number.</summary>
    static abstract int LargestCode { get; }

    /// <summary>The code of infinity; greater than all codes where there is none.</summary>
    static abstract int InfinityCode { get; }
}

struct E4M3 : IMiniFloat
{
    public static string Name => "E4M3";
    public static int Bits => 8;
    public static int MantissaBits => 3;
    public static int Bias => 7;
    public static int LargestCode => 0x7e;
    public static int InfinityCode => 0x100;
}

struct E5M2 : IMiniFloat
{
    public static string Name => "E5M2";
    public static int Bits => 8;
    public static int MantissaBits => 2;
    public static int Bias => 15;
    public static int LargestCode => 0x7b;
    public static int InfinityCode => 0x7c;
}

struct E3M2 : IMiniFloat
{
    public static string Name => "E3M2";
    public static int Bits => 6;
    public static int MantissaBits => 2;
    public static int Bias => 3;
    public static int LargestCode => 0x1f;
    public static int InfinityCode => 0x100;
}

struct E2M3 : IMiniFloat
{
    public static string Name => "E2M3";
    public static int Bits => 6;
    public static int MantissaBits => 3;
    public static int Bias => 1;
    public static int LargestCode => 0x1f;
    public static int InfinityCode => 0x100;
}

struct E2M1 : IMiniFloat
{
    public static string Name => "E2M1";
    public static int Bits => 4;
    public static int MantissaBits => 1;
    public static int Bias => 1;
    public static int LargestCode => 0x7;
    public static int InfinityCode => 0x100;
}
