namespace MlPerfEdu.Serving.Norms;

/// <summary>The two normalisations as their papers write them; the oracles of the fused forms.</summary>
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
