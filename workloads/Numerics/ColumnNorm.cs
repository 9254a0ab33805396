namespace MlPerfEdu.Numerics;

/// <summary>Gain and bias of a layer norm over so many numbers, and where their gradients go.</summary>
public readonly unsafe struct NormLayer(int width, float* gain, float* bias, float* gainGradient, float* biasGradient)
{
    public int Width => width;
    public float* Gain => gain;
    public float* Bias => bias;
    public float* GainGradient => gainGradient;
    public float* BiasGradient => biasGradient;
}

/// <summary>Layer norms (Ba et al., 2016) of samples that are columns: a vector norms as many samples as it has lanes.</summary>
public static unsafe class ColumnNorm
{
    /// <param name="x">[width, columns], of which there are whole vectors.</param>
    /// <param name="normed">Receives x less its mean, over its deviation, which the backward pass reads.</param>
    /// <param name="inverse">Receives one over the deviation of each column.</param>
    public static void Forward(in NormLayer layer, float* x, float* normed, float* inverse, float* y, nint stride, int columns)
    {
        if (Simd.Is512) ColumnNorm<Wide512>.Forward(layer, x, normed, inverse, y, stride, columns);
        else ColumnNorm<Wide256>.Forward(layer, x, normed, inverse, y, stride, columns);
    }

    /// <summary>to = added + the gradient of the input.</summary>
    /// <param name="gradients">Of the output.</param>
    public static void Backward(
        in NormLayer layer, float* gradients, float* normed, float* inverse, float* added, float* to, nint stride, int columns)
    {
        if (Simd.Is512) ColumnNorm<Wide512>.Backward(layer, gradients, normed, inverse, added, to, stride, columns);
        else ColumnNorm<Wide256>.Backward(layer, gradients, normed, inverse, added, to, stride, columns);
    }

    /// <summary>A thread's share of the gradients of gain and bias.</summary>
    public static void WeightGradients(in NormLayer layer, float* gradients, float* normed, nint stride, int samples, int thread, int threads)
    {
        for (var row = layer.Width * thread / threads; row < layer.Width * (thread + 1) / threads; row++)
        {
            ReadOnlySpan<float> ofRow = new(gradients + row * stride, samples);
            layer.GainGradient[row] = Simd.Dot(ofRow, new(normed + row * stride, samples));
            layer.BiasGradient[row] = TensorPrimitives.Sum(ofRow);
        }
    }
}

/// <summary><see cref="ColumnNorm"/> for one width of vectors.</summary>
static unsafe class ColumnNorm<T>
    where T : struct, IWide<T>
{
    const float Epsilon = 1e-5f;

    [MethodImpl(Simd.Loop)]
    public static void Forward(in NormLayer layer, float* x, float* normed, float* inverse, float* y, nint stride, int columns)
    {
        float* gain = layer.Gain, bias = layer.Bias;
        int width = layer.Width;
        var share = T.Create(1f / width);
        for (nint column = 0; column < columns; column += T.Lanes)
        {
            T sum = default, squares = default;
            for (var row = 0; row < width; row++) sum += T.Load(x + row * stride + column);
            var mean = sum * share;
            for (var row = 0; row < width; row++)
            {
                var distance = T.Load(x + row * stride + column) - mean;
                squares = T.MultiplyAdd(distance, distance, squares);
            }
            var factor = Inverse(T.MultiplyAdd(squares, share, T.Create(Epsilon)));
            factor.Store(inverse + column);
            for (var row = 0; row < width; row++)
            {
                var at = row * stride + column;
                var one = (T.Load(x + at) - mean) * factor;
                one.Store(normed + at);
                T.MultiplyAdd(one, T.Create(gain[row]), T.Create(bias[row])).Store(y + at);
            }
        }
    }

    // 1/σ·(γ·g − mean(γ·g) − x̂·mean(γ·g·x̂))
    [MethodImpl(Simd.Loop)]
    public static void Backward(
        in NormLayer layer, float* gradients, float* normed, float* inverse, float* added, float* to, nint stride, int columns)
    {
        float* gain = layer.Gain;
        int width = layer.Width;
        var share = T.Create(1f / width);
        for (nint column = 0; column < columns; column += T.Lanes)
        {
            T sum = default, along = default;
            for (var row = 0; row < width; row++)
            {
                var gradient = T.Load(gradients + row * stride + column) * T.Create(gain[row]);
                sum += gradient;
                along = T.MultiplyAdd(gradient, T.Load(normed + row * stride + column), along);
            }
            var (mean, slope, factor) = (sum * share, along * share, T.Load(inverse + column));
            for (var row = 0; row < width; row++)
            {
                var at = row * stride + column;
                var gradient = T.Load(gradients + at) * T.Create(gain[row]) - mean - T.Load(normed + at) * slope;
                T.MultiplyAdd(gradient, factor, T.Load(added + at)).Store(to + at);
            }
        }
    }

    static T Inverse(T square)
    {
        var lanes = stackalloc float[T.Lanes];
        square.Store(lanes);
        for (var i = 0; i < T.Lanes; i++) lanes[i] = 1 / MathF.Sqrt(lanes[i]);
        return T.Load(lanes);
    }
}
