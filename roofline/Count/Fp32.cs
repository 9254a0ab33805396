namespace MlPerfEdu.Roofline.Count;

static class Fp32
{
    public const int Bytes = 4;
}
