using MlPerfEdu.Serving.Norms;
using static MlPerfEdu.Serving.Norms.RmsNormKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("rms-norm")]
sealed class RmsNormInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
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

/// <summary>The two norms as their papers write them; the oracles of the fused forms.</summary>
static class PlainNorm
{
    /// <summary>y = z / √(mean(z²) + ε) · w with z = x + residual (Zhang and Sennrich 2019).</summary>
    /// <param name="x">(rows, width), as residual, y and sum.</param>
    public static void RootMeanSquare(
        ReadOnlySpan<float> x, ReadOnlySpan<float> residual, ReadOnlySpan<float> weight, float epsilon, Span<float> y, Span<float> sum)
    {
        var width = weight.Length;
        for (var row = 0; row < x.Length; row += width)
        {
            var squares = 0.0;
            for (var index = 0; index < width; index++)
            {
                sum[row + index] = x[row + index] + residual[row + index];
                squares += (double)sum[row + index] * sum[row + index];
            }
            var root = Math.Sqrt(squares / width + epsilon);
            for (var index = 0; index < width; index++)
                y[row + index] = (float)(sum[row + index] / root * weight[index]);
        }
    }

    /// <summary>y = (x − mean) / √(variance + ε) · w + b (Ba et al. 2016).</summary>
    public static void Layer(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> y)
    {
        var width = weight.Length;
        for (var row = 0; row < x.Length; row += width)
        {
            var (mean, variance) = (0.0, 0.0);
            for (var index = 0; index < width; index++)
                mean += x[row + index] / (double)width;
            for (var index = 0; index < width; index++)
                variance += (x[row + index] - mean) * (x[row + index] - mean) / width;
            var root = Math.Sqrt(variance + epsilon);
            for (var index = 0; index < width; index++)
                y[row + index] = (float)((x[row + index] - mean) / root * weight[index] + bias[index]);
        }
    }
}
