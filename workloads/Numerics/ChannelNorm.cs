namespace MlPerfEdu.Numerics;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 2015) and ReLU over rows of C channels that lie in a cache: a = max(0, scale·y + shift), and
/// backwards. A row is a place of a map; channels are whole vectors.
/// </summary>
/// <remarks>Sums of a call are added in registers, then to those of the calls before: two levels, so that rounding grows slowly.</remarks>
static unsafe class ChannelNorm<T>
    where T : struct, IWide<T>
{
    /// <summary>a = max(0, scale·y + shift)</summary>
    [MethodImpl(Simd.Loop)]
    public static void Activate(float* y, NormVectors norm, float* a, int rows, int channels)
    {
        T zero = default;
        for (var row = 0; row < rows; row++, y += channels, a += channels)
        {
            for (nint c = 0; c < channels; c += T.Lanes)
                T.Max(T.MultiplyAdd(T.Load(norm.Scale + c), T.Load(y + c), T.Load(norm.Shift + c)), zero).Store(a + c);
        }
    }

    /// <summary>Adds Σ(y − pivot) and Σ(y − pivot)². Near the mean, a pivot keeps the variance from being a difference of large numbers.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Statistics(float* y, StatisticsVectors sums, int rows, int channels)
    {
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T pivot = T.Load(sums.Pivot + c), s0 = default, s1 = default, q0 = default, q1 = default;
            var at = y + c;
            var row = 0;
            for (; row <= rows - 2; row += 2, at += 2 * channels)
            {
                T first = T.Load(at) - pivot, second = T.Load(at + channels) - pivot;
                (s0, s1) = (s0 + first, s1 + second);
                (q0, q1) = (T.MultiplyAdd(first, first, q0), T.MultiplyAdd(second, second, q1));
            }
            if (row < rows)
            {
                var last = T.Load(at) - pivot;
                (s0, q0) = (s0 + last, T.MultiplyAdd(last, last, q0));
            }
            (T.Load(sums.Sum + c) + (s0 + s1)).Store(sums.Sum + c);
            (T.Load(sums.Squares + c) + (q0 + q1)).Store(sums.Squares + c);
        }
    }

    /// <summary>The gradient of y from that of scale·y + shift, g, through the mean and the variance: scale·g + slope·y + constant.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Gradient(float* g, float* y, NormVectors norm, float* gradient, int rows, int channels)
    {
        for (var row = 0; row < rows; row++, g += channels, y += channels, gradient += channels)
        {
            for (nint c = 0; c < channels; c += T.Lanes)
            {
                var through = T.MultiplyAdd(T.Load(norm.Slope + c), T.Load(y + c), T.Load(norm.Constant + c));
                T.MultiplyAdd(T.Load(norm.Scale + c), T.Load(g + c), through).Store(gradient + c);
            }
        }
    }

    /// <summary>The same where the gradient of every place's activation is that of their mean, [C].</summary>
    [MethodImpl(Simd.Loop)]
    public static void GradientOfMean(float* ofMean, float* y, NormVectors norm, float* gradient, int rows, int channels)
    {
        T zero = default;
        for (var row = 0; row < rows; row++, y += channels, gradient += channels)
        {
            for (nint c = 0; c < channels; c += T.Lanes)
            {
                T scale = T.Load(norm.Scale + c), value = T.Load(y + c);
                var g = T.Load(ofMean + c) & T.Less(zero, T.MultiplyAdd(scale, value, T.Load(norm.Shift + c)));
                T.MultiplyAdd(scale, g, T.MultiplyAdd(T.Load(norm.Slope + c), value, T.Load(norm.Constant + c))).Store(gradient + c);
            }
        }
    }

    /// <summary>g becomes zero where a is, and Σg and Σg·(y − mean) are added.</summary>
    public static void Mask(float* g, float* a, float* y, NormVectors norm, GradientVectors sums, int rows, int channels)
    {
        // Both vectors of a cache line at once, where lines are two.
        nint c = 0;
        for (; c <= channels - 2 * T.Lanes; c += 2 * T.Lanes) MaskTwo(g + c, a + c, y + c, norm.Mean + c, sums.Sum + c, sums.Product + c, rows, channels);
        if (c < channels) MaskOne(g + c, a + c, y + c, norm.Mean + c, sums.Sum + c, sums.Product + c, rows, channels);
    }

    [MethodImpl(Simd.Loop)]
    static void MaskTwo(float* g, float* a, float* y, float* mean, float* sum, float* product, int rows, nint channels)
    {
        T zero = default, mean0 = T.Load(mean), mean1 = T.Load(mean + T.Lanes), s0 = default, s1 = default, p0 = default, p1 = default;
        for (var row = 0; row < rows; row++, g += channels, a += channels, y += channels)
        {
            T first = T.Load(g) & T.Less(zero, T.Load(a)), second = T.Load(g + T.Lanes) & T.Less(zero, T.Load(a + T.Lanes));
            first.Store(g);
            second.Store(g + T.Lanes);
            (s0, s1) = (s0 + first, s1 + second);
            p0 = T.MultiplyAdd(first, T.Load(y) - mean0, p0);
            p1 = T.MultiplyAdd(second, T.Load(y + T.Lanes) - mean1, p1);
        }
        (T.Load(sum) + s0).Store(sum);
        (T.Load(sum + T.Lanes) + s1).Store(sum + T.Lanes);
        (T.Load(product) + p0).Store(product);
        (T.Load(product + T.Lanes) + p1).Store(product + T.Lanes);
    }

    [MethodImpl(Simd.Loop)]
    static void MaskOne(float* g, float* a, float* y, float* mean, float* sum, float* product, int rows, nint channels)
    {
        T zero = default, middle = T.Load(mean), s = default, p = default;
        for (var row = 0; row < rows; row++, g += channels, a += channels, y += channels)
        {
            var masked = T.Load(g) & T.Less(zero, T.Load(a));
            masked.Store(g);
            s += masked;
            p = T.MultiplyAdd(masked, T.Load(y) - middle, p);
        }
        (T.Load(sum) + s).Store(sum);
        (T.Load(product) + p).Store(product);
    }

    /// <summary>Adds the number of places whose activation is positive, and their Σ(y − mean).</summary>
    [MethodImpl(Simd.Loop)]
    public static void Positive(float* y, NormVectors norm, GradientVectors sums, int rows, int channels)
    {
        T zero = default, one = T.Create(1);
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T scale = T.Load(norm.Scale + c), shift = T.Load(norm.Shift + c), mean = T.Load(norm.Mean + c), count = default, sum = default;
            var value = y + c;
            for (var row = 0; row < rows; row++, value += channels)
            {
                var at = T.Load(value);
                var mask = T.Less(zero, T.MultiplyAdd(scale, at, shift));
                count += one & mask;
                sum += (at - mean) & mask;
            }
            (T.Load(sums.Sum + c) + count).Store(sums.Sum + c);
            (T.Load(sums.Product + c) + sum).Store(sums.Product + c);
        }
    }
}

/// <summary>What a batch norm does to each channel, C numbers each.</summary>
public readonly unsafe struct NormVectors(float* first, int channels)
{
    /// <summary>Vectors of a norm, one after the other.</summary>
    public const int Count = 6;

    /// <summary>weight / deviation</summary>
    public float* Scale => first;

    /// <summary>bias − mean·scale</summary>
    public float* Shift => first + channels;

    public float* Mean => first + 2 * channels;

    /// <summary>Of the gradient that reaches y through the variance.</summary>
    public float* Slope => first + 3 * channels;

    /// <summary>Of the gradients that reach y through the mean, and through the variance at y = 0.</summary>
    public float* Constant => first + 4 * channels;

    /// <summary>1 / deviation</summary>
    public float* Inverse => first + 5 * channels;
}

/// <summary>Σ(y − pivot) and Σ(y − pivot)² of each channel.</summary>
public readonly unsafe struct StatisticsVectors(float* first, int channels)
{
    public const int Count = 3;

    public float* Pivot => first;

    public float* Sum => first + channels;

    public float* Squares => first + 2 * channels;
}

/// <summary>Σg and Σg·(y − mean) of each channel.</summary>
public readonly unsafe struct GradientVectors(float* first, int channels)
{
    public const int Count = 2;

    public float* Sum => first;

    public float* Product => first + channels;
}
