namespace MlPerfEdu.Numerics;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 2015) and an activation that keeps numbers in a range, such as ReLU, over rows of C channels that lie in a
/// cache: a = scale·y + shift, kept between least and most, and backwards. A row is a place of a map; channels are whole vectors.
/// </summary>
/// <remarks>Sums of a call are added in registers, then to those of the calls before: two levels, so that rounding grows slowly.</remarks>
static unsafe class ChannelNorm<T>
    where T : struct, IWide<T>
{
    /// <summary>a = scale·y + shift, kept between least and most.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Activate(float* y, NormVectors norm, float* a, int rows, int channels)
    {
        T least = T.Create(norm.Range.Least), most = T.Create(norm.Range.Most);
        for (var row = 0; row < rows; row++, y += channels, a += channels)
        {
            for (nint c = 0; c < channels; c += T.Lanes)
                T.Min(T.Max(T.MultiplyAdd(T.Load(norm.Scale + c), T.Load(y + c), T.Load(norm.Shift + c)), least), most).Store(a + c);
        }
    }

    /// <summary>joint = scale·y + shift, and what the joint before had, where there is one.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Join(float* y, NormVectors norm, float* before, float* joint, int rows, int channels)
    {
        for (var row = 0; row < rows; row++, y += channels, joint += channels)
        {
            for (nint c = 0; c < channels; c += T.Lanes)
            {
                var value = T.MultiplyAdd(T.Load(norm.Scale + c), T.Load(y + c), T.Load(norm.Shift + c));
                if (before is not null) value += T.Load(before + c);
                value.Store(joint + c);
            }
            if (before is not null) before += channels;
        }
    }

    /// <summary>Gradients of a joint: those that came around the next block are added, the sum is kept for those before, and Σg and Σg·(y − mean) are added.</summary>
    /// <param name="around">In: of the joint after this one; out: of this one. Null where nothing goes around.</param>
    /// <param name="adds">Whether <paramref name="around"/> holds something.</param>
    [MethodImpl(Simd.Loop)]
    public static void OfJoint(float* g, float* around, bool adds, float* y, NormVectors norm, GradientVectors sums, int rows, int channels)
    {
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T mean = T.Load(norm.Mean + c), s = default, p = default;
            nint at = c;
            for (var row = 0; row < rows; row++, at += channels)
            {
                var value = T.Load(g + at);
                if (adds) value += T.Load(around + at);
                value.Store(g + at);
                if (around is not null) value.Store(around + at);
                s += value;
                p = T.MultiplyAdd(value, T.Load(y + at) - mean, p);
            }
            (T.Load(sums.Sum + c) + s).Store(sums.Sum + c);
            (T.Load(sums.Product + c) + p).Store(sums.Product + c);
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
        T least = T.Create(norm.Range.Least), most = T.Create(norm.Range.Most);
        for (var row = 0; row < rows; row++, y += channels, gradient += channels)
        {
            for (nint c = 0; c < channels; c += T.Lanes)
            {
                T scale = T.Load(norm.Scale + c), value = T.Load(y + c);
                var g = T.Load(ofMean + c) & Inside(T.MultiplyAdd(scale, value, T.Load(norm.Shift + c)), least, most);
                T.MultiplyAdd(scale, g, T.MultiplyAdd(T.Load(norm.Slope + c), value, T.Load(norm.Constant + c))).Store(gradient + c);
            }
        }
    }

    /// <summary>g becomes zero where a is least or most, and Σg and Σg·(y − mean) are added.</summary>
    public static void Mask(float* g, float* a, float* y, NormVectors norm, GradientVectors sums, int rows, int channels)
    {
        // Both vectors of a cache line at once, where lines are two.
        nint c = 0;
        for (; c <= channels - 2 * T.Lanes; c += 2 * T.Lanes) MaskTwo(g + c, a + c, y + c, norm.Mean + c, norm.Range, sums.Sum + c, sums.Product + c, rows, channels);
        if (c < channels) MaskOne(g + c, a + c, y + c, norm.Mean + c, norm.Range, sums.Sum + c, sums.Product + c, rows, channels);
    }

    [MethodImpl(Simd.Loop)]
    static void MaskTwo(float* g, float* a, float* y, float* mean, ActivationRange range, float* sum, float* product, int rows, nint channels)
    {
        T least = T.Create(range.Least), most = T.Create(range.Most), mean0 = T.Load(mean), mean1 = T.Load(mean + T.Lanes), s0 = default, s1 = default, p0 = default, p1 = default;
        for (var row = 0; row < rows; row++, g += channels, a += channels, y += channels)
        {
            T first = T.Load(g) & Inside(T.Load(a), least, most), second = T.Load(g + T.Lanes) & Inside(T.Load(a + T.Lanes), least, most);
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
    static void MaskOne(float* g, float* a, float* y, float* mean, ActivationRange range, float* sum, float* product, int rows, nint channels)
    {
        T least = T.Create(range.Least), most = T.Create(range.Most), middle = T.Load(mean), s = default, p = default;
        for (var row = 0; row < rows; row++, g += channels, a += channels, y += channels)
        {
            var masked = T.Load(g) & Inside(T.Load(a), least, most);
            masked.Store(g);
            s += masked;
            p = T.MultiplyAdd(masked, T.Load(y) - middle, p);
        }
        (T.Load(sum) + s).Store(sum);
        (T.Load(product) + p).Store(product);
    }

    /// <summary>Adds the places whose activation is between least and most, their Σ(y − mean), and the places whose activation is most.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Active(float* y, NormVectors norm, ActiveVectors sums, int rows, int channels)
    {
        T least = T.Create(norm.Range.Least), most = T.Create(norm.Range.Most), one = T.Create(1);
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T scale = T.Load(norm.Scale + c), shift = T.Load(norm.Shift + c), mean = T.Load(norm.Mean + c), count = default, sum = default, above = default;
            var value = y + c;
            for (var row = 0; row < rows; row++, value += channels)
            {
                var at = T.Load(value);
                var activation = T.MultiplyAdd(scale, at, shift);
                var mask = Inside(activation, least, most);
                count += one & mask;
                sum += (at - mean) & mask;
                above += one & T.AtLeast(activation, most);
            }
            (T.Load(sums.Count + c) + count).Store(sums.Count + c);
            (T.Load(sums.Deviation + c) + sum).Store(sums.Deviation + c);
            (T.Load(sums.Above + c) + above).Store(sums.Above + c);
        }
    }

    [MethodImpl(Simd.Inline)]
    static T Inside(T value, T least, T most) => T.Less(least, value) & T.Less(value, most);
}

/// <summary>Between which numbers an activation is kept; its slope is one inside and zero elsewhere.</summary>
public readonly record struct ActivationRange(float Least, float Most)
{
    public static ActivationRange All => new(float.NegativeInfinity, float.PositiveInfinity);

    public static ActivationRange Relu => new(0, float.PositiveInfinity);

    public static ActivationRange Relu6 => new(0, 6);

    /// <summary>Comparisons of each number.</summary>
    public int Bounds => (float.IsFinite(Least) ? 1 : 0) + (float.IsFinite(Most) ? 1 : 0);
}

/// <summary>What a batch norm does to each channel, C numbers each, and the activation after it.</summary>
public readonly unsafe struct NormVectors(float* first, int channels, ActivationRange range)
{
    /// <summary>Vectors of a norm, one after the other.</summary>
    public const int Count = 6;

    public ActivationRange Range => range;

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

/// <summary>Of a map's activations, for each channel, C numbers each; see <see cref="ChannelNorm{T}.Active"/>.</summary>
public readonly unsafe struct ActiveVectors(float* first, int channels)
{
    /// <summary>Vectors, one after the other.</summary>
    public const int Vectors = 3;

    public float* Count => first;

    public float* Deviation => first + channels;

    public float* Above => first + 2 * channels;
}
