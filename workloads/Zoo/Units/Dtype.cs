using MlPerfEdu.Catalog;

namespace MlPerfEdu.Zoo;

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
