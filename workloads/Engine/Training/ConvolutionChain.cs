using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Count;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// A stem and <see cref="DepthwiseSeparable"/> blocks, each convolution with its batch norm and ReLU, and the mean over all places, as one operator:
/// <see cref="ConvolutionChainFunction"/>. libtorch runs three operators for each convolution, which move several times as many bytes.
/// </summary>
public sealed class ConvolutionChain
{
    readonly (string Name, Conv2d Convolution, BatchNorm2d Norm)[] layers;

    public ConvolutionChain(Conv2d stem, BatchNorm2d stemNorm, IEnumerable<DepthwiseSeparable> blocks) =>
        layers = [("stem", stem, stemNorm), .. blocks.SelectMany((block, i) => block.Layers(i))];

    /// <summary>Whether the kernels can do this: channels in whole vectors, strides of 1 and 2, no gradient of the input.</summary>
    public bool Takes(Tensor x) => x.dtype == ScalarType.Float32 && x.device_type == TorchSharp.DeviceType.CPU && x.shape[1] == 1 && !x.requires_grad
        && (layers[0].Norm.training || !is_grad_enabled())
        && layers.All(layer => layer.Convolution is { bias: null, padding_type: null } convolution && convolution.dilation.All(step => step == 1)
            && convolution.stride[0] == convolution.stride[1] && convolution.stride[0] is 1 or 2
            && convolution.out_channels % NormedConvolution.Lanes == 0 && convolution.weight.dtype == ScalarType.Float32)
        && x.shape[0] * Sizes(x)[^1].To.Places > 1;

    /// <param name="x">[B, 1, H, W]</param>
    /// <returns>[B, C]: the mean of each channel's activations.</returns>
    public Tensor Of(Tensor x)
    {
        var plan = new ChainPlan(Sizes(x), [.. layers.Select(layer => layer.Norm)]);
        var parameters = layers.SelectMany(layer => new object[] { layer.Convolution.weight, layer.Norm.weight!, layer.Norm.bias! });
        var means = ConvolutionChainFunction.apply([x, plan, .. parameters]);
        if (ModuleCounter.Active is { } counter) State(counter, plan.Sizes, x, means);
        return means;
    }

    ConvolutionSize[] Sizes(Tensor x)
    {
        var map = new MapSize((int)x.shape[2], (int)x.shape[3], 1);
        return [.. layers.Select(layer =>
        {
            var size = Size(layer.Convolution, map);
            map = size.To;
            return size;
        })];
    }

    static ConvolutionSize Size(Conv2d layer, MapSize from)
    {
        var (kernel, padding, stride) = (layer.kernel_size!, layer.padding!, layer.stride![0]);
        var kind = layer.in_channels == 1 ? ConvolutionKind.Stem : layer.groups > 1 ? ConvolutionKind.Depthwise : ConvolutionKind.Pointwise;
        var (height, width) = (Results(from.Height, 0), Results(from.Width, 1));
        return new(kind, from, new(height, width, (int)layer.out_channels), (int)kernel[0], (int)kernel[1], (int)stride, (int)padding[0], (int)padding[1]);

        int Results(int inputs, int dimension) => (int)((inputs + 2 * padding[dimension] - kernel[dimension]) / stride + 1);
    }

    // Maps are written once each way and read once by whoever needs them.
    void State(ModuleCounter counter, ConvolutionSize[] sizes, Tensor x, Tensor means)
    {
        var maps = x.shape[0];
        foreach (var ((name, convolution, norm), size) in layers.Zip(sizes))
        {
            var isStem = size.Kind == ConvolutionKind.Stem;
            Tensor[] read = isStem ? [x] : [], weights = [convolution.weight!, norm.weight!, norm.bias!];
            counter.Add(NormedConvolutionCount.Of(counter.Name(name), size, maps, norm.training, means.requires_grad), means, read, weights);
        }
        counter.Add(NormedConvolutionCount.Mean(counter.Name("pool"), sizes[^1].To, maps, means.requires_grad), means, []);
    }
}

/// <summary>What one pass of <see cref="ConvolutionChainFunction"/> knows besides its tensors.</summary>
sealed record ChainPlan(ConvolutionSize[] Sizes, BatchNorm2d[] Norms)
{
    // More than threads, so that none waits long for the last; always as many, so that sums do not depend on threads.
    const int MostParts = 32;

    public bool Trains => Norms[0].training;

    public int Widest => Sizes.Max(size => size.To.Channels);

    /// <summary>Numbers of the largest map between two convolutions.</summary>
    public nint Room => Sizes.Max(size => size.To.Numbers);

    public static int Parts(int maps) => Math.Min(maps, MostParts);

    public static (int From, int To) Part(int part, int maps) => (maps * part / Parts(maps), maps * (part + 1) / Parts(maps));

    /// <summary>All parts on all threads. Every other pass begins with what the pass before touched last, which a cache may still hold.</summary>
    public static void ForEachPart(int maps, bool backwards, Action<int> work)
    {
        var parts = Parts(maps);
        ThreadTeam.Of(get_num_threads()).ForEach(parts, part => work(backwards ? parts - 1 - part : part));
    }
}

/// <summary>What <see cref="NormedConvolution{T}"/> does, counted.</summary>
static class NormedConvolutionCount
{
    // Per result. Statistics: subtract, add, square, add.
    const int StatisticsFlops = 4;

    // Per input. Scale, shift, maximum.
    const int ReadFlops = 3;

    // Per result. Two products, two sums.
    const int GradientFlops = 4;

    // Per input. Mask, sum; subtract, multiply, add.
    const int MaskFlops = 5;

    // Per number. Scale, shift, compare; subtract and two sums.
    const int MeanFlops = 6;

    const int CounterBytes = 8;

    public static LayerCount Of(string layer, ConvolutionSize size, long maps, bool trains, bool gradient)
    {
        var isStem = size.Kind == ConvolutionKind.Stem;
        var (x, y, channels) = (maps * (long)size.From.Numbers, maps * (long)size.To.Numbers, (long)size.To.Channels);
        var (weights, macs) = ((long)size.Taps * channels, maps * size.Macs);
        var normalised = isStem ? 0 : x;
        var statistics = trains ? StatisticsFlops * y : 0;
        // Gradient of the results, results and inputs read; gradient of the inputs written.
        var passed = new Work(2 * macs, GradientFlops * y + (ReadFlops + MaskFlops) * normalised, sizeof(float) * (2 * y + x + normalised + 2 * weights), 1);
        return LayerCount.Of(layer, $"{Kind(size)}, norm, relu", [maps, channels, size.To.Height, size.To.Width]) with
        {
            Parameters = weights + 2 * channels,
            ForwardMacs = macs,
            Forward = new Work(2 * macs, ReadFlops * normalised + statistics, sizeof(float) * (x + y + weights + 8 * channels), 1),
            // One pass for both gradients; a stem has only that of its weights.
            DataGradient = gradient && !isStem ? passed : default,
            WeightGradient = gradient ? isStem ? passed : new Work(2 * macs, 0, sizeof(float) * weights, 0) : default,
            UniqueBytes = sizeof(float) * (y + (gradient ? 2 : 1) * (weights + 2 * channels) + 4 * channels) + CounterBytes,
        };
    }

    /// <summary>Its gradient is computed where the last convolution reads it.</summary>
    public static LayerCount Mean(string layer, MapSize map, long maps, bool gradient)
    {
        var (numbers, means) = (maps * (long)map.Numbers, maps * map.Channels);
        return LayerCount.Of(layer, "norm, relu, global average pool", [maps, map.Channels]) with
        {
            Forward = new Work(0, MeanFlops * numbers, sizeof(float) * (numbers + 3 * means), 1),
            DataGradient = gradient ? new Work(0, 4 * means, sizeof(float) * 3 * means, 0) : default,
            UniqueBytes = sizeof(float) * 3 * means,
        };
    }

    static string Kind(ConvolutionSize size) => size.Kind switch
    {
        ConvolutionKind.Depthwise => "depthwise conv",
        ConvolutionKind.Pointwise => "pointwise conv",
        _ => "conv",
    };
}
