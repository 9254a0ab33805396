using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Engine.Training;

/// <summary>What <see cref="NormedConvolution{T}"/> does, counted.</summary>
static class NormedConvolutionCount
{
    // Per result. Statistics: subtract, add, square, add.
    const int StatisticsFlops = 4;

    // Per input. Scale, shift; besides them the bounds of the activation.
    const int ReadFlops = 2;

    // Per result. Two products, two sums.
    const int GradientFlops = 4;

    // Per input. Sum; subtract, multiply, add; besides them the bounds of the activation.
    const int MaskFlops = 4;

    // Per number. Scale, shift; sum; subtract, multiply, add.
    const int JoinFlops = 2, OfJoinFlops = 4;

    // Per number. Scale, shift, compare; subtract and two sums.
    const int MeanFlops = 6;

    const int CounterBytes = 8;

    /// <param name="range">Of the input, which is normalised where it is read; absent for what is read as it is.</param>
    public static LayerCount Of(string name, ChainLayer layer, ConvolutionSize size, long maps, ActivationRange? range, bool gradient)
    {
        var isStem = size.Kind == ConvolutionKind.Stem;
        var (x, y, channels) = (maps * (long)size.From.Numbers, maps * (long)size.To.Numbers, (long)size.To.Channels);
        var (weights, macs, statistics) = ((long)size.Taps * channels, maps * size.Macs, layer.Norm.training ? StatisticsFlops * y : 0);
        var (reading, masking) = range is { } read ? ((ReadFlops + read.Bounds) * x, (MaskFlops + read.Bounds) * x) : (0, 0);
        // Gradient of the results, results and inputs read; gradient of the inputs written.
        var passed = new Work(2 * macs, GradientFlops * y + reading + masking, sizeof(float) * (2 * y + (isStem ? 1 : 2) * x + 2 * weights), 1);
        return LayerCount.Of(name, $"{Kind(size)}, {Activated(layer)}", [maps, channels, size.To.Height, size.To.Width]) with
        {
            Parameters = weights + 2 * channels,
            ForwardMacs = macs,
            Forward = new Work(2 * macs, reading + statistics, sizeof(float) * (x + y + weights + 8 * channels), 1),
            // One pass for both gradients; a stem has only that of its weights.
            DataGradient = gradient && !isStem ? passed : default,
            WeightGradient = gradient ? isStem ? passed : new Work(2 * macs, 0, sizeof(float) * weights, 0) : default,
            UniqueBytes = sizeof(float) * (y + (gradient ? 2 : 1) * (weights + 2 * channels) + 4 * channels) + CounterBytes,
        };
    }

    /// <param name="adds">What the joint before has.</param>
    public static LayerCount Join(string name, MapSize map, long maps, bool adds, bool gradient)
    {
        var (numbers, more) = (maps * (long)map.Numbers, adds ? 1 : 0);
        return LayerCount.Of(name, adds ? "norm, add" : "norm", [maps, map.Channels, map.Height, map.Width]) with
        {
            Forward = new Work(0, (JoinFlops + more) * numbers, sizeof(float) * ((2 + more) * numbers + 2 * map.Channels), 1),
            // Its gradient and its results read, the gradient written; what goes around the block read and written.
            DataGradient = gradient ? new Work(0, (OfJoinFlops + more) * numbers, sizeof(float) * (3 + 2 * more) * numbers, 1) : default,
            UniqueBytes = sizeof(float) * numbers,
        };
    }

    /// <summary>Its gradient is computed where the last convolution reads it.</summary>
    public static LayerCount Mean(string name, ChainLayer layer, MapSize map, long maps, bool gradient)
    {
        var (numbers, means) = (maps * (long)map.Numbers, maps * map.Channels);
        return LayerCount.Of(name, $"{Activated(layer)}, global average pool", [maps, map.Channels]) with
        {
            Forward = new Work(0, MeanFlops * numbers, sizeof(float) * (numbers + 3 * means), 1),
            DataGradient = gradient ? new Work(0, 4 * means, sizeof(float) * 3 * means, 0) : default,
            UniqueBytes = sizeof(float) * 3 * means,
        };
    }

    static string Activated(ChainLayer layer) => layer.Range.Bounds switch
    {
        0 => "norm",
        1 => "norm, relu",
        _ => "norm, relu6",
    };

    static string Kind(ConvolutionSize size) => size.Kind switch
    {
        ConvolutionKind.Depthwise => "depthwise conv",
        ConvolutionKind.Pointwise => "pointwise conv",
        _ => "conv",
    };
}
