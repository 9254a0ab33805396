namespace MlPerfEdu.Numerics;

/// <summary>Places × channels of one sample; the channels are normalised in groups, and are whole vectors.</summary>
public readonly record struct GroupedMap(int Places, int Channels, int Groups)
{
    public int Numbers => Places * Channels;

    public int ChannelsOfGroup => Channels / Groups;
}

/// <summary>What a channel of a sample keeps for the way back, C numbers each.</summary>
public readonly unsafe struct KeptVectors(float* first, int channels)
{
    public const int Count = 3;

    /// <summary>The mean of the group, less what is added to the channel.</summary>
    public float* Mean => first;

    /// <summary>1 / deviation of the group</summary>
    public float* Inverse => first + channels;

    /// <summary>How far the channel's own mean lies from that of its group.</summary>
    public float* Apart => first + 2 * channels;
}

/// <summary>The gradients that a sample adds to, or has, for each channel.</summary>
public readonly unsafe struct ChannelGradients(float* first, int channels)
{
    public const int Count = 3;

    public float* Weight => first;

    public float* Bias => first + channels;

    public float* Added => first + 2 * channels;
}

/// <summary>
/// Group normalisation (Wu and He, 2018) of x plus a number per channel, and SiLU, over one sample that lies in a cache: libtorch's three operators
/// would each go through memory.
/// </summary>
public static unsafe class NormedSilu
{
    /// <summary>Channels are a multiple of it, whatever the machine.</summary>
    public static int Lanes => Wide512.Lanes;

    // In place of a deviation of zero, as in PyTorch.
    const double Epsilon = 1e-5;

    // Numbers that stay in the first-level cache between two loops.
    const int BlockNumbers = 2048;

    /// <param name="added">A number per channel, or null.</param>
    public static void Forward(GroupedMap map, float* x, float* added, float* weight, float* bias, float* y, KeptVectors kept)
    {
        if (Simd.Is512) Forward<Wide512>(map, x, added, weight, bias, y, kept);
        else Forward<Wide256>(map, x, added, weight, bias, y, kept);
    }

    /// <param name="gradient">Of y.</param>
    /// <param name="result">Receives that of x.</param>
    public static void Backward(
        GroupedMap map, float* x, float* weight, float* bias, KeptVectors kept, float* gradient, float* result, ChannelGradients gradients)
    {
        if (Simd.Is512) Backward<Wide512>(map, x, weight, bias, kept, gradient, result, gradients);
        else Backward<Wide256>(map, x, weight, bias, kept, gradient, result, gradients);
    }

    static void Forward<T>(GroupedMap map, float* x, float* added, float* weight, float* bias, float* y, KeptVectors kept)
        where T : struct, IWide<T>
    {
        var channels = map.Channels;
        var room = stackalloc float[StatisticsVectors.Count * channels];
        var sums = new StatisticsVectors(room, channels);
        new Span<float>(room, StatisticsVectors.Count * channels).Clear();
        // The first place is near the mean of its channel.
        new Span<float>(x, channels).CopyTo(new Span<float>(sums.Pivot, channels));
        ChannelNorm<T>.Statistics(x, sums, map.Places, channels);
        for (var first = 0; first < channels; first += map.ChannelsOfGroup) Normalise(map, first, sums, added, kept);

        var vectors = stackalloc float[NormVectors.Count * channels];
        var norm = Scaled(map, weight, bias, kept, vectors);
        var rows = Math.Max(1, BlockNumbers / channels);
        for (var row = 0; row < map.Places; row += rows)
        {
            var (at, here) = ((nint)row * channels, Math.Min(rows, map.Places - row));
            Scale<T>(x + at, norm, y + at, here, channels);
            Silu.Forward(y + at, y + at, here * channels);
        }
    }

    static void Backward<T>(
        GroupedMap map, float* x, float* weight, float* bias, KeptVectors kept, float* gradient, float* result, ChannelGradients gradients)
        where T : struct, IWide<T>
    {
        var channels = map.Channels;
        float* vectors = stackalloc float[NormVectors.Count * channels], found = stackalloc float[GradientVectors.Count * channels];
        var (norm, sums) = (Scaled(map, weight, bias, kept, vectors), new GradientVectors(found, channels));
        new Span<float>(found, GradientVectors.Count * channels).Clear();
        var rows = Math.Max(1, BlockNumbers / channels);
        var scratch = stackalloc float[rows * channels];
        for (var row = 0; row < map.Places; row += rows)
        {
            var (at, here) = ((nint)row * channels, Math.Min(rows, map.Places - row));
            Scale<T>(x + at, norm, scratch, here, channels);
            new Span<float>(gradient + at, here * channels).CopyTo(new Span<float>(result + at, here * channels));
            Silu.Backward(scratch, result + at, here * channels);
            Add<T>(result + at, x + at, norm.Mean, sums, here, channels);
        }
        for (var first = 0; first < channels; first += map.ChannelsOfGroup) Through(map, first, weight, kept, sums, norm, gradients);
        ChannelNorm<T>.Gradient(result, x, norm, result, map.Places, channels);
    }

    // Mean and deviation of a group from those of its channels.
    static void Normalise(GroupedMap map, int first, StatisticsVectors sums, float* added, KeptVectors kept)
    {
        var (end, mean, squares) = (first + map.ChannelsOfGroup, 0.0, 0.0);
        for (var c = first; c < end; c++) mean += Own(c);
        mean /= map.ChannelsOfGroup;
        for (var c = first; c < end; c++)
        {
            var apart = Own(c) - mean;
            squares += sums.Squares[c] - (double)sums.Sum[c] * sums.Sum[c] / map.Places + apart * apart * map.Places;
        }
        var inverse = 1 / Math.Sqrt(squares / ((double)map.Places * map.ChannelsOfGroup) + Epsilon);
        for (var c = first; c < end; c++)
            (kept.Mean[c], kept.Inverse[c], kept.Apart[c]) = ((float)(mean - Added(c)), (float)inverse, (float)(Own(c) - mean));

        double Added(int c) => added is null ? 0 : added[c];
        double Own(int c) => sums.Pivot[c] + (double)sums.Sum[c] / map.Places + Added(c);
    }

    static NormVectors Scaled(GroupedMap map, float* weight, float* bias, KeptVectors kept, float* room)
    {
        var norm = new NormVectors(room, map.Channels, ActivationRange.All);
        for (var c = 0; c < map.Channels; c++)
        {
            norm.Scale[c] = weight[c] * kept.Inverse[c];
            norm.Mean[c] = kept.Mean[c];
            norm.Shift[c] = bias[c] - norm.Scale[c] * kept.Mean[c];
        }
        return norm;
    }

    // From Σg and Σg·(x − mean) of a group's channels to the gradients of its parameters, and to what reaches x through mean and deviation.
    static void Through(GroupedMap map, int first, float* weight, KeptVectors kept, GradientVectors sums, NormVectors norm, ChannelGradients gradients)
    {
        var (end, numbers) = (first + map.ChannelsOfGroup, (double)map.Places * map.ChannelsOfGroup);
        double inverse = kept.Inverse[first], ofMean = 0, ofDeviation = 0;
        for (var c = first; c < end; c++)
        {
            ofMean += (double)weight[c] * sums.Sum[c];
            ofDeviation += (double)weight[c] * sums.Product[c] * inverse;
        }
        double slope = -inverse * inverse * ofDeviation / numbers, constant = -inverse * ofMean / numbers;
        for (var c = first; c < end; c++)
        {
            (gradients.Weight[c], gradients.Bias[c]) = ((float)(sums.Product[c] * inverse), sums.Sum[c]);
            gradients.Added[c] = (float)((double)norm.Scale[c] * sums.Sum[c] + map.Places * (slope * kept.Apart[c] + constant));
            (norm.Slope[c], norm.Constant[c]) = ((float)slope, (float)(constant - slope * kept.Mean[c]));
        }
    }

    /// <summary>y = scale·x + shift</summary>
    [MethodImpl(Simd.Loop)]
    static void Scale<T>(float* x, NormVectors norm, float* y, int rows, int channels)
        where T : struct, IWide<T>
    {
        for (var row = 0; row < rows; row++, x += channels, y += channels)
        {
            for (nint c = 0; c < channels; c += T.Lanes)
                T.MultiplyAdd(T.Load(norm.Scale + c), T.Load(x + c), T.Load(norm.Shift + c)).Store(y + c);
        }
    }

    /// <summary>Adds Σg and Σg·(x − mean).</summary>
    [MethodImpl(Simd.Loop)]
    static void Add<T>(float* g, float* x, float* mean, GradientVectors sums, int rows, int channels)
        where T : struct, IWide<T>
    {
        for (nint c = 0; c < channels; c += T.Lanes)
        {
            T middle = T.Load(mean + c), sum = default, product = default;
            for (nint row = 0, at = c; row < rows; row++, at += channels)
            {
                var value = T.Load(g + at);
                sum += value;
                product = T.MultiplyAdd(value, T.Load(x + at) - middle, product);
            }
            (T.Load(sums.Sum + c) + sum).Store(sums.Sum + c);
            (T.Load(sums.Product + c) + product).Store(sums.Product + c);
        }
    }
}
