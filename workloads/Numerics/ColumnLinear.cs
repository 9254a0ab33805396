namespace MlPerfEdu.Numerics;

/// <summary>A linear layer y = W·x + b with W [outputs, inputs] and b [outputs], which may be absent, and where the gradients of both go.</summary>
public readonly unsafe struct LinearLayer(int inputs, int outputs, float* weight, float* bias, float* weightGradient, float* biasGradient)
{
    public int Inputs => inputs;
    public int Outputs => outputs;
    public float* Weight => weight;
    public float* Bias => bias;
    public float* WeightGradient => weightGradient;
    public float* BiasGradient => biasGradient;
}

/// <summary>
/// The products of a <see cref="LinearLayer"/> with samples that are columns, so that a vector holds as many samples as it has lanes and weights
/// are read as they lie. Every number is summed in one order, wherever its column stands and however many threads there are.
/// </summary>
public static unsafe class ColumnLinear
{
    /// <summary>y = W·x + b</summary>
    /// <param name="x">[inputs, columns], of which there are whole vectors.</param>
    /// <param name="stride">From a number of a sample to its next one.</param>
    public static void Forward(in LinearLayer layer, float* x, nint stride, float* y, nint toStride, int columns)
    {
        if (Simd.Is512) Forward<Wide512>(layer, x, stride, y, toStride, columns);
        else Forward<Wide256>(layer, x, stride, y, toStride, columns);
    }

    /// <summary>From the gradients of outputs to those of inputs: Wᵀ·g.</summary>
    public static void Backward(in LinearLayer layer, float* gradients, nint stride, float* to, nint toStride, int columns)
    {
        if (Simd.Is512) Backward<Wide512>(layer, gradients, stride, to, toStride, columns);
        else Backward<Wide256>(layer, gradients, stride, to, toStride, columns);
    }

    /// <summary>A thread's share of the gradients of weights and biases.</summary>
    /// <param name="gradients">[outputs, samples]</param>
    /// <param name="inputs">[samples, inputs], filled up with numbers of any kind to whole vectors.</param>
    public static void WeightGradients(
        in LinearLayer layer, float* gradients, nint stride, float* inputs, nint rowStride, int samples, int thread, int threads)
    {
        if (Simd.Is512) WeightGradients<Wide512>(layer, gradients, stride, inputs, rowStride, samples, thread, threads);
        else WeightGradients<Wide256>(layer, gradients, stride, inputs, rowStride, samples, thread, threads);
    }

    /// <summary>to[r, c] = Σ a[s, r]·b[s, c] over samples that are rows.</summary>
    /// <param name="rows">Whole groups of four, and whole vectors of columns.</param>
    public static void Outer(float* a, nint stride, float* b, nint otherStride, float* to, int rows, int columns, int samples)
    {
        if (Simd.Is512) Product<Wide512>(new(a, 1, stride), new(b, otherStride), new(to, columns), rows, columns, samples, null);
        else Product<Wide256>(new(a, 1, stride), new(b, otherStride), new(to, columns), rows, columns, samples, null);
    }

    static void Forward<T>(in LinearLayer layer, float* x, nint stride, float* y, nint toStride, int columns)
        where T : struct, IWide<T> =>
        Product<T>(new(layer.Weight, layer.Inputs), new(x, stride), new(y, toStride), layer.Outputs, columns, layer.Inputs, layer.Bias);

    // W read by columns: its transpose.
    static void Backward<T>(in LinearLayer layer, float* gradients, nint stride, float* to, nint toStride, int columns)
        where T : struct, IWide<T> =>
        Product<T>(new(layer.Weight, 1, layer.Inputs), new(gradients, stride), new(to, toStride), layer.Inputs, columns, layer.Outputs, null);

    static void WeightGradients<T>(
        in LinearLayer layer, float* gradients, nint stride, float* inputs, nint rowStride, int samples, int thread, int threads)
        where T : struct, IWide<T>
    {
        var groups = (layer.Outputs + Tiles<T>.Rows - 1) / Tiles<T>.Rows;
        var (row, end) = (groups * thread / threads * Tiles<T>.Rows, Math.Min(groups * (thread + 1) / threads * Tiles<T>.Rows, layer.Outputs));
        var filled = (layer.Inputs + T.Lanes - 1) / T.Lanes * T.Lanes;
        var isWhole = filled == layer.Inputs;
        var scratch = stackalloc float[isWhole ? 0 : Tiles<T>.Rows * filled];
        for (; row < end; row += Tiles<T>.Rows)
        {
            var rows = Math.Min(Tiles<T>.Rows, end - row);
            float* gradient = gradients + row * stride, to = layer.WeightGradient + (nint)row * layer.Inputs;
            Tiles<T>.Multiply(new(gradient, stride), new(inputs, rowStride), new(isWhole ? to : scratch, filled), rows, filled, samples);
            for (var r = 0; r < rows; r++)
            {
                if (!isWhole) new Span<float>(scratch + r * filled, layer.Inputs).CopyTo(new(to + (nint)r * layer.Inputs, layer.Inputs));
                if (layer.BiasGradient is not null) layer.BiasGradient[row + r] = Sum<T>(gradient + r * stride, samples);
            }
        }
    }

    // Four rows of weights after four others: they stay in the nearest cache while all columns pass.
    static void Product<T>(Strided weights, Strided x, Strided y, int rows, int columns, int inner, float* start)
        where T : struct, IWide<T>
    {
        for (var row = 0; row < rows; row += Tiles<T>.Rows)
        {
            var left = Math.Min(Tiles<T>.Rows, rows - row);
            Tiles<T>.Multiply(weights.At(row, 0), x, y.At(row, 0), left, columns, inner, start is null ? null : start + row);
        }
    }

    static float Sum<T>(float* values, int count)
        where T : struct, IWide<T>
    {
        T sums = default;
        var i = 0;
        for (; i <= count - T.Lanes; i += T.Lanes) sums += T.Load(values + i);
        var sum = Simd.Sum(sums);
        for (; i < count; i++) sum += values[i];
        return sum;
    }
}
