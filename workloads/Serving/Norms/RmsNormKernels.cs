namespace MlPerfEdu.Serving.Norms;

[Kernels("rms-norm")]
public sealed class RmsNormKernels : IKernels
{
    const int Width = 256;
    const float Epsilon = 1e-6f;

    public IEnumerable<Kernel> Kernels()
    {
        var weight = Enumerable.Repeat(1f, Width).ToArray();
        var norm = new RmsNorm(weight, Epsilon);
        foreach (var rows in new[] { 16, 64 })
        {
            var (x, residual, _, _) = Buffers(rows);
            // In place, as servers call it: the sum is the next block's residual, and x is not read again.
            yield return Of($"forward-{rows}", rows, () => norm.Forward(x.Span, residual.Span, x.Span, residual.Span));
        }
        var (x16, residual16, y16, sum16) = Buffers(16);
        yield return Of("add-and-normalise-16", 16, () => RmsNorm.AddAndNormalise(x16.Span, residual16.Span, weight, Epsilon, y16.Span, sum16.Span));
    }

    // Five per element: add, square, accumulate, scale twice.
    static Kernel Of(string operation, int rows, Action call) => new(operation, call)
        { Flops = 5.0 * rows * Width, Bytes = sizeof(float) * (4.0 * rows + 1) * Width };

    static (AlignedBuffer<float> X, AlignedBuffer<float> Residual, AlignedBuffer<float> Y, AlignedBuffer<float> Sum) Buffers(int rows)
    {
        var random = new RandomData(42);
        return (new(random.Normals(rows * Width)), new(random.Normals(rows * Width)), new(rows * Width), new(rows * Width));
    }

    public IEnumerable<Invariant> Invariants()
    {
        var (check, random) = (new Trials(), new RandomData(9));
        for (var trial = 0; trial < 200; trial++)
        {
            var (rows, width) = (random.Between(1, 9), random.Between(1, 300));
            // Small ones have squares like epsilon, which then counts.
            var size = trial % 2 == 0 ? 1 : 1e-3f;
            float[] x = [.. random.Normals(rows * width).Select(value => size * value)];
            float[] residual = [.. random.Normals(rows * width).Select(value => size * value)];
            var (weight, bias) = (random.Normals(width), random.Normals(width));
            var (y, sum, plain, plainSum) = (new float[x.Length], new float[x.Length], new float[x.Length], new float[x.Length]);
            RmsNorm.AddAndNormalise(x, residual, weight, Epsilon, y, sum);
            PlainNorm.RootMeanSquare(x, residual, weight, Epsilon, plain, plainSum);
            check.AtMost("equals the plain form for any shape", 1e-5, Difference.Largest(plain, y));
            check.AtMost("gives back x + residual", 0, Difference.Largest(plainSum, sum));
            RmsNorm.AddAndNormalise(x, residual, weight, Epsilon, x, residual);
            check.AtMost("gives the same in place", 0, Math.Max(Difference.Largest(y, x), Difference.Largest(sum, residual)));

            var ones = Enumerable.Repeat(1f, width).ToArray();
            var norm = new RmsNorm(ones, Epsilon);
            norm.Forward(sum, y);
            PlainNorm.RootMeanSquare(sum, new float[x.Length], ones, Epsilon, plain, plainSum);
            check.AtMost("without a residual equals the plain form with zeros", 1e-5, Difference.Largest(plain, y));
            if (width > 8 && size == 1)
                check.AtMost("the mean square of y / w is 1", 1e-3, Math.Abs(1 - y.Take(width).Average(value => (double)value * value)));

            new LayerNorm(weight, bias).Forward(x, y);
            PlainNorm.Layer(x, weight, bias, 1e-5f, plain);
            check.AtMost("layer norm equals its plain form for any shape", 1e-4, width == 1 ? 0 : Difference.Largest(plain, y));
            new LayerNorm(ones, new float[width]).Forward(x, y);
            check.AtMost("a row after layer norm has the mean 0", 1e-5, Math.Abs(y.Take(width).Average(value => (double)value)));
        }
        check.AtMost("does not depend on the scale of x", 1e-5, OfScale());
        return check.Invariants;
    }

    static double OfScale()
    {
        var x = new RandomData(4).Normals(Width);
        var norm = new RmsNorm(Enumerable.Repeat(1f, Width).ToArray());
        var (y, of1000) = (new float[Width], new float[Width]);
        norm.Forward(x, y);
        norm.Forward(x.Select(value => 1000 * value).ToArray(), of1000);
        return Difference.Largest(y, of1000);
    }
}
