namespace MlPerfEdu.Roofline.Count;

static class Shapes
{
    public static long Elements(IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Places at which a kernel fits along one padded dimension.</summary>
    public static long Positions(long size, int kernel, int stride, int padding) => (size + 2 * padding - kernel) / stride + 1;
}
