using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Count;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// Convolutions one after the other, a stem and then depthwise and pointwise ones, each with its batch norm and activation, and the mean over all
/// places, as one operator: <see cref="ConvolutionChainFunction"/>. libtorch runs three operators for each convolution, which move several times as
/// many bytes.
/// </summary>
public sealed class ConvolutionChain(IEnumerable<ChainLayer> layers)
{
    readonly ChainLayer[] layers = [.. layers];

    public ConvolutionChain(Conv2d stem, BatchNorm2d stemNorm, IEnumerable<DepthwiseSeparable> blocks)
        : this([new("stem", stem, stemNorm, ActivationRange.Relu), .. blocks.SelectMany((block, i) => block.Layers(i))])
    {
    }

    /// <summary>Whether the kernels can do this: channels in whole vectors, strides of 1 and 2, no gradient of the input.</summary>
    public bool Takes(Tensor x) => x.dtype == ScalarType.Float32 && x.device_type == TorchSharp.DeviceType.CPU && !x.requires_grad
        && (layers[0].Norm.training || !is_grad_enabled())
        && layers.Index().All(layer => Knows(layer.Item.Convolution, isFirst: layer.Index == 0))
        // A block that begins with what has an activation of its own adds something else than a joint.
        && layers.FirstOrDefault(layer => layer.Joint != Joint.None) is not { Joint: Joint.Adds }
        && x.shape[0] * Sizes(x)[^1].To.Places > 1;

    static bool Knows(Conv2d layer, bool isFirst) => layer is { bias: null, padding_type: null }
        && layer.dilation.All(step => step == 1) && layer.stride[0] == layer.stride[1] && layer.stride[0] is 1 or 2
        && layer.out_channels % NormedConvolution.Lanes == 0 && layer.weight.dtype == ScalarType.Float32
        && (isFirst ? layer.groups == 1
            : layer.groups == 1 ? layer.kernel_size!.All(size => size == 1) && layer.stride[0] == 1 && layer.padding!.All(size => size == 0)
            : layer.groups == layer.in_channels && layer.groups == layer.out_channels
                && layer.kernel_size!.All(size => size == 3) && layer.padding!.All(size => size == 1));

    /// <param name="x">[B, channels, H, W]; fastest where the channels of a place lie side by side.</param>
    /// <returns>[B, C]: the mean of each channel's activations.</returns>
    public Tensor Of(Tensor x)
    {
        var plan = new ChainPlan(Sizes(x), layers);
        var parameters = layers.SelectMany(layer => new object[] { layer.Convolution.weight, layer.Norm.weight!, layer.Norm.bias! });
        var means = ConvolutionChainFunction.apply([x, plan, .. parameters]);
        if (ModuleCounter.Active is { } counter) State(counter, plan.Sizes, x, means);
        return means;
    }

    ConvolutionSize[] Sizes(Tensor x)
    {
        var map = new MapSize((int)x.shape[2], (int)x.shape[3], (int)x.shape[1]);
        return [.. layers.Select((layer, i) =>
        {
            var size = Size(layer.Convolution, map, isFirst: i == 0);
            map = size.To;
            return size;
        })];
    }

    static ConvolutionSize Size(Conv2d layer, MapSize from, bool isFirst)
    {
        var (kernel, padding, stride) = (layer.kernel_size!, layer.padding!, layer.stride![0]);
        var kind = isFirst ? ConvolutionKind.Stem : layer.groups > 1 ? ConvolutionKind.Depthwise : ConvolutionKind.Pointwise;
        var (height, width) = (Results(from.Height, 0), Results(from.Width, 1));
        return new(kind, from, new(height, width, (int)layer.out_channels), (int)kernel[0], (int)kernel[1], (int)stride, (int)padding[0], (int)padding[1]);

        int Results(int inputs, int dimension) => (int)((inputs + 2 * padding[dimension] - kernel[dimension]) / stride + 1);
    }

    // Maps are written once each way and read once by whoever needs them.
    void State(ModuleCounter counter, ConvolutionSize[] sizes, Tensor x, Tensor means)
    {
        var maps = x.shape[0];
        // What the input of a layer went through since its convolution; a joint, and a picture, nothing.
        ActivationRange? range = null;
        foreach (var (layer, size) in layers.Zip(sizes))
        {
            Tensor[] read = size.Kind == ConvolutionKind.Stem ? [x] : [], weights = [layer.Convolution.weight!, layer.Norm.weight!, layer.Norm.bias!];
            counter.Add(NormedConvolutionCount.Of(counter.Name(layer.Name), layer, size, maps, range, means.requires_grad), means, read, weights);
            if (layer.Joint != Joint.None)
                counter.Add(NormedConvolutionCount.Join(counter.Name($"{layer.Name}.joint"), size.To, maps, layer.Joint == Joint.Adds, means.requires_grad), means, []);
            range = layer.Joint == Joint.None ? layer.Range : null;
        }
        counter.Add(NormedConvolutionCount.Mean(counter.Name("pool"), layers[^1], sizes[^1].To, maps, means.requires_grad), means, []);
    }
}

/// <summary>A convolution without bias, its norm, and the activation after that.</summary>
/// <param name="Name">In the table of layers.</param>
public sealed record ChainLayer(string Name, Conv2d Convolution, BatchNorm2d Norm, ActivationRange Range, Joint Joint = Joint.None);

/// <summary>Whether a block ends with a layer.</summary>
public enum Joint
{
    None,

    /// <summary>What is left, normalised, is what the next block begins with.</summary>
    Ends,

    /// <summary>What the block began with is added to it.</summary>
    Adds,
}

/// <summary>What one pass of <see cref="ConvolutionChainFunction"/> knows besides its tensors.</summary>
sealed record ChainPlan(ConvolutionSize[] Sizes, ChainLayer[] Layers)
{
    // More than threads, so that none waits long for the last; always as many, so that sums do not depend on threads.
    const int MostParts = 32;

    // Each part has its own sums of the weights' gradients, which are added up: with many weights, of fewer parts.
    const int ManyWeights = 1 << 15, FewParts = 8;

    public bool Trains => Layers[0].Norm.training;

    public int Widest => Sizes.Max(size => size.To.Channels);

    /// <summary>Numbers of the largest map between two convolutions.</summary>
    public nint Room => Sizes.Max(size => size.To.Numbers);

    public int Parts(int layer, int maps) => Math.Min(maps, Sizes[layer].Weights > ManyWeights ? FewParts : MostParts);

    /// <summary>All parts on all threads. Every other pass begins with what the pass before touched last, which a cache may still hold.</summary>
    /// <param name="work">Takes a part and its maps, from one to before another.</param>
    public void ForEachPart(int layer, int maps, bool backwards, Action<int, int, int> work)
    {
        var parts = Parts(layer, maps);
        ThreadTeam.Of(get_num_threads()).ForEach(parts, i =>
        {
            var part = backwards ? parts - 1 - i : i;
            work(part, maps * part / parts, maps * (part + 1) / parts);
        });
    }

    /// <summary>Maps of a part.</summary>
    public int Maps(int layer, int part, int maps)
    {
        var parts = Parts(layer, maps);
        return maps * (part + 1) / parts - maps * part / parts;
    }
}
