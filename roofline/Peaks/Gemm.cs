namespace MlPerfEdu.Roofline.Peaks;

public enum GemmType
{
    Fp32,
    Bf16,
    Int8,
}

static class Gemm
{
    public static double Flops(int size) => 2.0 * size * size * size;

    public static PeakKind Kind(GemmType type) => type switch
    {
        GemmType.Bf16 => PeakKind.GemmBf16,
        GemmType.Int8 => PeakKind.GemmInt8,
        _ => PeakKind.Gemm,
    };

    public static string Convention(GemmType type) => type switch
    {
        GemmType.Bf16 => "product of two square bf16 matrices through libtorch, 2 FLOP per multiply-add",
        GemmType.Int8 => "product of two square int8 matrices through libtorch, whose sums wrap at 8 bits, 2 operations per multiply-add",
        _ => "product of two square fp32 matrices through libtorch, 2 FLOP per multiply-add",
    };
}
