namespace MlPerfEdu.Zoo;

/// <summary>How a number is stored.</summary>
public enum Dtype
{
    Fp32,
    Tf32,
    Fp16,
    Bf16,
    Fp8,
    Int8,
    Fp4,
    Int4,
}
