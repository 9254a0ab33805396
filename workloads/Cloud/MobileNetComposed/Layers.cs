using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Module = TorchSharp.torch.nn.Module;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

public enum LayerKind : byte
{
    /// <summary>3×3 across channels: the first of the network.</summary>
    Stem,

    /// <summary>1×1 across channels.</summary>
    Pointwise,

    /// <summary>3×3, every channel by itself.</summary>
    Depthwise,

    /// <summary>From the mean over all places to the classes.</summary>
    Classifier,
}

/// <summary>A layer of a MobileNetV2, in the order of computing.</summary>
/// <param name="Side">Rows and columns of its results.</param>
/// <param name="Relu6">Results are cut off below 0 and above 6.</param>
/// <param name="Residual">The layer whose results are added to its own; −1 for none.</param>
public sealed record Layer(LayerKind Kind, int Inputs, int Outputs, int Side, int Stride, bool Relu6, int Residual)
{
    public const int Kernel = 3;

    /// <summary>Weights of each output: what a sum runs over.</summary>
    public int Taps => Kind switch
    {
        LayerKind.Stem => Kernel * Kernel * Inputs,
        LayerKind.Depthwise => Kernel * Kernel,
        _ => Inputs,
    };

    public int Weights => Outputs * Taps;

    public int Places => Side * Side;

    public long Macs => (long)Places * Weights;

    /// <summary>
    /// Whether two of four weights are left: where a sum runs over channels. A depthwise filter has nine weights, not a multiple of four, and each of
    /// its results would lose half of all it sees.
    /// </summary>
    public bool IsPruned => Kind != LayerKind.Depthwise;
}

/// <summary>The convolutions and norms of a MobileNetV2, found by the names of its modules, so that a workload of another suite can train it.</summary>
public sealed class NetworkModules
{
    readonly Dictionary<string, Module> modules;
    readonly List<(Layer Layer, Module Weights, BatchNorm2d? Norm)> found = [];

    /// <param name="side">Rows and columns of a picture.</param>
    public NetworkModules(Module model, int side)
    {
        modules = model.named_modules().ToDictionary(pair => pair.name, pair => pair.module, StringComparer.Ordinal);
        Add("stem", side, relu6: true);
        for (var block = 0; modules.ContainsKey($"blocks.{block}"); block++)
        {
            var before = found.Count - 1;
            var input = found[before].Layer;
            if (modules.ContainsKey($"blocks.{block}.expand")) Add($"blocks.{block}.expand", Side, relu6: true);
            Add($"blocks.{block}.depthwise", Side, relu6: true);
            var adds = found[^1].Layer.Stride == 1 && Convolution($"blocks.{block}.project").out_channels == input.Outputs;
            Add($"blocks.{block}.project", Side, relu6: false, residual: adds ? before : -1);
        }
        Add("head", Side, relu6: true);
        var classifier = (Linear)Find("classifier");
        found.Add((new(LayerKind.Classifier, (int)classifier.in_features, (int)classifier.out_features, Side: 1, Stride: 1, Relu6: false, Residual: -1),
            classifier, null));
    }

    public IReadOnlyList<Layer> Layers => [.. found.Select(row => row.Layer)];

    int Side => found[^1].Layer.Side;

    /// <summary>The weights of a layer, [outputs, taps] in the order in which a kernel sums them: rows, columns, channels.</summary>
    public Tensor Weights(int layer) => Matrix(Parameter(found[layer].Weights));

    /// <summary>Replaces weights where they lie.</summary>
    public void SetWeights(int layer, Tensor matrix)
    {
        var weights = Parameter(found[layer].Weights);
        weights.copy_(weights.dim() == 4
            ? matrix.view(weights.shape[0], weights.shape[2], weights.shape[3], weights.shape[1]).permute(0, 3, 1, 2)
            : matrix);
    }

    /// <summary>The layers as they answer: norms are part of weights and biases. In double precision.</summary>
    public IReadOnlyList<FoldedLayer> Fold()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        return [.. found.Select(row =>
        {
            var weights = Matrix(Parameter(row.Weights)).to(float64);
            if (row.Norm is not { } norm)
                return FoldedLayer.Of(row.Layer, weights, ((Linear)row.Weights).bias!.to(float64));
            var scale = norm.weight!.to(float64) / (norm.running_var!.to(float64) + norm.eps).sqrt();
            return FoldedLayer.Of(row.Layer, weights * scale.unsqueeze(1), norm.bias!.to(float64) - norm.running_mean!.to(float64) * scale);
        })];
    }

    void Add(string name, int side, bool relu6, int residual = -1)
    {
        var convolution = Convolution(name);
        var (kernel, stride) = ((int)convolution.kernel_size![0], (int)convolution.stride![0]);
        var kind = kernel == 1 ? LayerKind.Pointwise : convolution.groups > 1 ? LayerKind.Depthwise : LayerKind.Stem;
        found.Add((new(kind, (int)convolution.in_channels, (int)convolution.out_channels, side / stride, stride, relu6, residual),
            convolution, (BatchNorm2d)Find($"{name}Norm")));
    }

    Conv2d Convolution(string name) => (Conv2d)Find(name);

    Module Find(string name) => modules.GetValueOrDefault(name)
        ?? throw new InvalidOperationException($"found no module '{name}' → expected the names of a MobileNetV2 → name it so in the model that is trained.");

    static Parameter Parameter(Module module) => module is Conv2d convolution ? convolution.weight : ((Linear)module).weight;

    static Tensor Matrix(Tensor weights) => (weights.dim() == 4 ? weights.permute(0, 2, 3, 1) : weights).reshape(weights.shape[0], -1);
}

/// <summary>A layer with its norm in it.</summary>
/// <param name="Weights">[outputs, taps]</param>
/// <param name="Biases">Of each output.</param>
public sealed record FoldedLayer(Layer Layer, float[] Weights, float[] Biases)
{
    internal static FoldedLayer Of(Layer layer, Tensor weights, Tensor biases) => new(layer, Numbers(weights), Numbers(biases));

    static float[] Numbers(Tensor numbers) => numbers.to(float32).contiguous().data<float>().ToArray();

    /// <summary>The same with other numbers.</summary>
    public FoldedLayer With(Func<float, float> change) => this with { Weights = Array.ConvertAll(Weights, w => change(w)), Biases = Array.ConvertAll(Biases, b => change(b)) };
}

/// <summary>Folded layers on libtorch's fp32 operators.</summary>
public sealed class FoldedNetwork : IDisposable
{
    readonly IReadOnlyList<Layer> layers;
    readonly (Tensor Weights, Tensor Biases)[] numbers;

    public FoldedNetwork(IReadOnlyList<FoldedLayer> folded)
    {
        layers = [.. folded.Select(row => row.Layer)];
        numbers = [.. folded.Select(row => (Shaped(row), tensor(row.Biases)))];
    }

    // [outputs, channels, rows, columns], as libtorch wants them.
    static Tensor Shaped(FoldedLayer row)
    {
        using var scope = NewDisposeScope();
        var (layer, kernel) = (row.Layer, row.Layer.Kind is LayerKind.Stem or LayerKind.Depthwise ? Layer.Kernel : 1);
        var weights = layer.Kind == LayerKind.Classifier
            ? tensor(row.Weights, layer.Outputs, layer.Taps)
            : tensor(row.Weights, layer.Outputs, kernel, kernel, layer.Taps / (kernel * kernel)).permute(0, 3, 1, 2).contiguous();
        return weights.MoveToOuterDisposeScope();
    }

    /// <summary>The logits of any number of pictures, some at a time: all their maps together would take gigabytes.</summary>
    public Tensor Answer(Tensor x)
    {
        const int atOnce = 32;
        using var scope = NewDisposeScope();
        var answers = x.split(atOnce).Select(some =>
        {
            using var inner = NewDisposeScope();
            return Run(some).MoveToOuterDisposeScope();
        });
        return cat([.. answers]).MoveToOuterDisposeScope();
    }

    /// <param name="x">[B, 3, H, W]</param>
    /// <param name="saw">Gets what each layer reads and, but for the classifier, gives.</param>
    /// <returns>The logits, [B, classes].</returns>
    public Tensor Run(Tensor x, Action<int, Tensor, Tensor?>? saw = null)
    {
        var results = new Tensor[layers.Count];
        for (var i = 0; i < layers.Count; i++)
        {
            var (layer, (weights, biases)) = (layers[i], numbers[i]);
            if (layer.Kind == LayerKind.Classifier)
            {
                x = x.mean([2, 3]);
                saw?.Invoke(i, x, null);
                return linear(x, weights, biases);
            }
            long padding = layer.Kind == LayerKind.Pointwise ? 0 : 1, groups = layer.Kind == LayerKind.Depthwise ? layer.Outputs : 1;
            var y = conv2d(x, weights, biases, [layer.Stride, layer.Stride], [padding, padding], groups: groups);
            if (layer.Relu6) y = y.clamp_(0, 6);
            if (layer.Residual >= 0) y = y.add_(results[layer.Residual]);
            saw?.Invoke(i, x, y);
            x = results[i] = y;
        }
        throw new InvalidOperationException("found no classifier → expected it as the last layer → add it.");
    }

    public void Dispose()
    {
        foreach (var (weights, biases) in numbers)
        {
            weights.Dispose();
            biases.Dispose();
        }
    }
}
