namespace MlPerfEdu.Numerics;

/// <summary>
/// 3×3 convolutions of every channel by itself, row by row. Rows are [columns, C]; those that a kernel reads around a place have a column of zeros
/// before the first and after the last. Weights are [3, 3, C].
/// </summary>
static unsafe class Depthwise<T>
    where T : struct, IWide<T>
{
    /// <summary>Rows and columns of a kernel.</summary>
    public const int Side = 3;

    // Places that share loads of weights.
    const int Together = 4;

    // Columns whose rows stay in the first cache while one vector of channels after the other passes.
    const int Chunk = 16;

    /// <summary>Steps ahead while a row is computed.</summary>
    public static int Steps(int width) => (width + Together - 1) / Together;

    /// <summary>Steps ahead while the gradients of a row of inputs are computed, about.</summary>
    public static int GradientSteps(int width, int stride) => (width + Chunk - 1) / Chunk * (stride == 1 ? Side : 1);

    /// <summary>One row of results from the three rows around it.</summary>
    public static void Row(
        float* upper, float* middle, float* lower, float* weights, float* to, int width, int channels, int stride, ref Ahead ahead)
    {
        nint column = 0, step = (nint)stride * channels;
        for (; column <= width - Together; column += Together)
        {
            ahead.Step();
            Four(upper + column * step, middle + column * step, lower + column * step, weights, to + column * channels, channels, step);
        }
        // The last four again, where less than four are left.
        if (column < width && width >= Together)
        {
            column = width - Together;
            Four(upper + column * step, middle + column * step, lower + column * step, weights, to + column * channels, channels, step);
            return;
        }
        for (; column < width; column++)
            One(upper + column * step, middle + column * step, lower + column * step, weights, to + column * channels, channels);
    }

    [MethodImpl(Simd.Loop)]
    static void Four(float* upper, float* middle, float* lower, float* weights, float* to, nint channels, nint step)
    {
        nint two = 2 * step, three = 3 * step;
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T s0 = default, s1 = default, s2 = default, s3 = default;
            for (var row = 0; row < Side; row++)
            {
                var weight = weights + row * Side * channels + c;
                var x = (row == 0 ? upper : row == 1 ? middle : lower) + c;
                for (var tap = 0; tap < Side; tap++, x += channels, weight += channels)
                {
                    var factor = T.Load(weight);
                    (s0, s1) = (T.MultiplyAdd(factor, T.Load(x), s0), T.MultiplyAdd(factor, T.Load(x + step), s1));
                    (s2, s3) = (T.MultiplyAdd(factor, T.Load(x + two), s2), T.MultiplyAdd(factor, T.Load(x + three), s3));
                }
            }
            s0.Store(to + c);
            s1.Store(to + channels + c);
            s2.Store(to + 2 * channels + c);
            s3.Store(to + 3 * channels + c);
        }
    }

    [MethodImpl(Simd.Loop)]
    static void One(float* upper, float* middle, float* lower, float* weights, float* to, nint channels)
    {
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T sum = default;
            for (nint at = c; at < Side * channels; at += channels)
            {
                sum = T.MultiplyAdd(T.Load(weights + at), T.Load(upper + at), sum);
                sum = T.MultiplyAdd(T.Load(weights + Side * channels + at), T.Load(middle + at), sum);
                sum = T.MultiplyAdd(T.Load(weights + 2 * Side * channels + at), T.Load(lower + at), sum);
            }
            sum.Store(to + c);
        }
    }

    /// <summary>
    /// What one row of results with gradients says about one row of inputs, g, and about the row of weights between them, which is added.
    /// </summary>
    /// <param name="gradient">Of results, with a column of zeros on both sides.</param>
    /// <param name="x">The row of inputs.</param>
    /// <param name="weights">The row of weights, [3, C].</param>
    /// <param name="g">The inputs' gradients, one after the other.</param>
    /// <param name="ofWeights">The weights' gradients, [3, C].</param>
    /// <param name="width">Columns of the inputs.</param>
    /// <param name="adds">To what g holds.</param>
    public static void RowGradient(
        float* gradient, float* x, float* weights, float* g, float* ofWeights, int width, int channels, int stride, bool adds, ref Ahead ahead)
    {
        for (var column = 0; column < width; column += Chunk)
        {
            ahead.Step();
            var until = Math.Min(column + Chunk, width);
            if (stride == 1) Columns(gradient, x, weights, g, ofWeights, column, until, channels, adds);
            else ColumnsOfPairs(gradient, x, weights, g, ofWeights, column, until, channels, adds);
        }
    }

    // Input w meets result w + 1 with the first weight, w with the second, w − 1 with the third.
    [MethodImpl(Simd.Loop)]
    static void Columns(
        float* gradient, float* x, float* weights, float* g, float* ofWeights, nint column, nint until, nint channels, bool adds)
    {
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T w0 = T.Load(weights + c), w1 = T.Load(weights + channels + c), w2 = T.Load(weights + 2 * channels + c);
            T s0 = T.Load(ofWeights + c), s1 = T.Load(ofWeights + channels + c), s2 = T.Load(ofWeights + 2 * channels + c);
            float* at = gradient + column * channels + c, input = x + column * channels + c, to = g + column * channels + c;
            T before = T.Load(at), here = T.Load(at + channels);
            at += 2 * channels;
            for (var w = column; w < until; w++, at += channels, input += channels, to += channels)
            {
                T after = T.Load(at), value = T.Load(input), sum = adds ? T.Load(to) : default;
                sum = T.MultiplyAdd(w0, after, sum);
                sum = T.MultiplyAdd(w1, here, sum);
                T.MultiplyAdd(w2, before, sum).Store(to);
                (s0, s1, s2) = (T.MultiplyAdd(value, after, s0), T.MultiplyAdd(value, here, s1), T.MultiplyAdd(value, before, s2));
                (before, here) = (here, after);
            }
            s0.Store(ofWeights + c);
            s1.Store(ofWeights + channels + c);
            s2.Store(ofWeights + 2 * channels + c);
        }
    }

    // Results are half as dense: input 2v meets result v with the second weight, 2v + 1 meets v + 1 with the first and v with the third.
    [MethodImpl(Simd.Loop)]
    static void ColumnsOfPairs(
        float* gradient, float* x, float* weights, float* g, float* ofWeights, nint column, nint until, nint channels, bool adds)
    {
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T w0 = T.Load(weights + c), w1 = T.Load(weights + channels + c), w2 = T.Load(weights + 2 * channels + c);
            T s0 = T.Load(ofWeights + c), s1 = T.Load(ofWeights + channels + c), s2 = T.Load(ofWeights + 2 * channels + c);
            float* at = gradient + (column / 2 + 1) * channels + c, input = x + column * channels + c, to = g + column * channels + c;
            var here = T.Load(at);
            for (var w = column; w < until; w += 2)
            {
                at += channels;
                var after = T.Load(at);
                var sum = adds ? T.Load(to) : default;
                T.MultiplyAdd(w1, here, sum).Store(to);
                s1 = T.MultiplyAdd(T.Load(input), here, s1);
                if (w + 1 < until)
                {
                    var value = T.Load(input + channels);
                    sum = adds ? T.Load(to + channels) : default;
                    T.MultiplyAdd(w2, here, T.MultiplyAdd(w0, after, sum)).Store(to + channels);
                    (s0, s2) = (T.MultiplyAdd(value, after, s0), T.MultiplyAdd(value, here, s2));
                }
                input += 2 * channels;
                to += 2 * channels;
                here = after;
            }
            s0.Store(ofWeights + c);
            s1.Store(ofWeights + channels + c);
            s2.Store(ofWeights + 2 * channels + c);
        }
    }
}
