namespace MlPerfEdu.Roofline.Peaks;

static class Gemm
{
    public const string Convention = "product of two square fp32 matrices through libtorch, 2 FLOP per multiply-add";

    public static double Flops(int size) => 2.0 * size * size * size;
}
