namespace MlPerfEdu.Serving.Norms;

/// <summary>Root-mean-square normalisation with a fused residual (Zhang and Sennrich 2019). A row is read once from memory and once more from the
/// L1 cache, where an operator per step of the formula would pass over memory five times.</summary>
public sealed class RmsNorm
{
    readonly AlignedBuffer<float> weight;
    readonly float epsilon;

    public RmsNorm(ReadOnlySpan<float> weight, float epsilon = 1e-6f)
    {
        Guard.NotEmpty(weight.Length, "weights of a norm");
        Guard.Finite(weight, "the weights of a norm");
        this.weight = new(weight);
        this.epsilon = Guard.Range(epsilon > 0, "epsilon", epsilon, "a number above 0");
    }

    public int Width => weight.Length;

    /// <param name="x">(rows, width), as y.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        Guard.Rows(x, Width, "x");
        Guard.Length(y.Length, x.Length, "y");
        for (var row = 0; row < x.Length; row += Width)
        {
            ref var values = ref MemoryMarshal.GetReference(x[row..]);
            var inverse = Inverse(Simd.Dot(ref values, ref values, Width), Width, epsilon);
            if (Simd.Is512) Scale<Wide512>(ref values, weight.Span, inverse, ref y[row]);
            else Scale<Wide256>(ref values, weight.Span, inverse, ref y[row]);
        }
    }

    /// <param name="x">(rows, width), as residual, y and sum.</param>
    /// <param name="y">May be x itself.</param>
    /// <param name="sum">Becomes x + residual, which the next block adds to; may be the residual itself.</param>
    /// <exception cref="KernelException">A row is not finite; those before it are written.</exception>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> residual, Span<float> y, Span<float> sum) =>
        AddAndNormalise(x, residual, weight.Span, epsilon, y, sum);

    public static void AddAndNormalise(
        ReadOnlySpan<float> x, ReadOnlySpan<float> residual, ReadOnlySpan<float> weight, float epsilon, Span<float> y, Span<float> sum)
    {
        Guard.NotEmpty(weight.Length, "weights of a norm");
        Guard.Range(epsilon > 0, "epsilon", epsilon, "a number above 0");
        Guard.Rows(x, weight.Length, "x");
        Guard.Length(residual.Length, x.Length, "the residual");
        Guard.Length(y.Length, x.Length, "y");
        Guard.Length(sum.Length, x.Length, "the sum");
        if (Simd.Is512) AddAndNormalise<Wide512>(x, residual, weight, epsilon, y, sum);
        else AddAndNormalise<Wide256>(x, residual, weight, epsilon, y, sum);
    }

    [MethodImpl(Simd.Loop)]
    static void AddAndNormalise<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> residual, ReadOnlySpan<float> weight, float epsilon, Span<float> y, Span<float> sum)
        where T : struct, IWide<T>
    {
        var width = weight.Length;
        ref float values = ref MemoryMarshal.GetReference(x), others = ref MemoryMarshal.GetReference(residual);
        var squares = Add<T>(ref values, ref others, ref sum[0], width);
        // The next row is added before this one is scaled, so that neither waits for the root and the quotient.
        for (var row = 0; row < x.Length; row += width)
        {
            var (inverse, next) = (Inverse(squares, width, epsilon), row + width);
            if (next < x.Length)
                squares = Add<T>(ref Unsafe.Add(ref values, next), ref Unsafe.Add(ref others, next), ref sum[next], width);
            Scale<T>(ref sum[row], weight, inverse, ref y[row]);
        }
    }

    // What is not finite, or too large to be squared, makes the sum so.
    static float Inverse(float squares, int width, float epsilon) => float.IsFinite(squares)
        ? 1 / MathF.Sqrt(squares / width + epsilon)
        : throw KernelErrors.OutOfRange("a sum of squares of", squares, "a finite one");

    // sum = x + residual; gives Σ sum².
    [MethodImpl(Simd.Inline)]
    static float Add<T>(ref float x, ref float residual, ref float sum, int width) where T : struct, IWide<T>
    {
        T s0 = default, s1 = default, s2 = default, s3 = default;
        nint index = 0;
        for (; index <= width - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            var v0 = T.Load(ref x, index) + T.Load(ref residual, index);
            var v1 = T.Load(ref x, index + T.Lanes) + T.Load(ref residual, index + T.Lanes);
            var v2 = T.Load(ref x, index + 2 * T.Lanes) + T.Load(ref residual, index + 2 * T.Lanes);
            var v3 = T.Load(ref x, index + 3 * T.Lanes) + T.Load(ref residual, index + 3 * T.Lanes);
            v0.Store(ref sum, index);
            v1.Store(ref sum, index + T.Lanes);
            v2.Store(ref sum, index + 2 * T.Lanes);
            v3.Store(ref sum, index + 3 * T.Lanes);
            (s0, s1) = (T.MultiplyAdd(v0, v0, s0), T.MultiplyAdd(v1, v1, s1));
            (s2, s3) = (T.MultiplyAdd(v2, v2, s2), T.MultiplyAdd(v3, v3, s3));
        }
        var squares = Simd.Sum(s0 + s1 + (s2 + s3));
        for (; index < width; index++)
        {
            var value = Unsafe.Add(ref x, index) + Unsafe.Add(ref residual, index);
            Unsafe.Add(ref sum, index) = value;
            squares += value * value;
        }
        return squares;
    }

    // y = x · factor · weight
    [MethodImpl(Simd.Inline)]
    static void Scale<T>(ref float x, ReadOnlySpan<float> weight, float factor, ref float y) where T : struct, IWide<T>
    {
        ref var weights = ref MemoryMarshal.GetReference(weight);
        var wide = T.Create(factor);
        nint index = 0;
        for (; index <= weight.Length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            Scaled(ref x, index, wide, ref weights).Store(ref y, index);
            Scaled(ref x, index + T.Lanes, wide, ref weights).Store(ref y, index + T.Lanes);
            Scaled(ref x, index + 2 * T.Lanes, wide, ref weights).Store(ref y, index + 2 * T.Lanes);
            Scaled(ref x, index + 3 * T.Lanes, wide, ref weights).Store(ref y, index + 3 * T.Lanes);
        }
        for (; index < weight.Length; index++)
            Unsafe.Add(ref y, index) = Unsafe.Add(ref x, index) * factor * weight[(int)index];
    }

    [MethodImpl(Simd.Inline)]
    static T Scaled<T>(ref float x, nint index, T factor, ref float weights)
        where T : struct, IWide<T> => T.Load(ref x, index) * factor * T.Load(ref weights, index);
}

/// <summary>Layer normalisation (Ba et al. 2016), row by row inside the L1 cache.</summary>
public sealed class LayerNorm
{
    readonly float[] weight;
    readonly float[] bias;
    readonly float epsilon;

    public LayerNorm(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon = 1e-5f)
    {
        Guard.NotEmpty(weight.Length, "weights of a norm");
        Guard.Finite(weight, "the weights of a norm");
        Guard.Finite(bias, weight.Length, "the biases of a norm");
        this.epsilon = Guard.Range(epsilon > 0, "epsilon", epsilon, "a number above 0");
        (this.weight, this.bias) = (weight.ToArray(), bias.ToArray());
    }

    public int Width => weight.Length;

    /// <param name="x">(rows, width), as y.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        Guard.Rows(x, Width, "x");
        Guard.Length(y.Length, x.Length, "y");
        Guard.Finite(x, "x");
        for (var row = 0; row < x.Length; row += Width)
        {
            var values = y.Slice(row, Width);
            TensorPrimitives.Subtract(x.Slice(row, Width), TensorPrimitives.Average(x.Slice(row, Width)), values);
            var variance = TensorPrimitives.SumOfSquares<float>(values) / Width;
            TensorPrimitives.Multiply(values, 1 / MathF.Sqrt(variance + epsilon), values);
            TensorPrimitives.MultiplyAdd(values, weight, bias, values);
        }
    }
}

[Kernels("rms-norm")]
public sealed class RmsNormKernels : IKernels
{
    internal const int Width = 256;
    internal const float Epsilon = 1e-6f;

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
}
