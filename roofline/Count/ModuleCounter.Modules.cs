using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Roofline.Count;

/// <remarks>One rule per type of module. Operations per element: an exponential, an error function or a hyperbolic tangent is one.</remarks>
public sealed partial class ModuleCounter
{
    Action<string, Tensor, Tensor>? Rule(nn.Module<Tensor, Tensor> module) => module switch
    {
        TorchSharp.Modules.Linear m => (layer, x, y) => Linear(layer, x, m.weight, m.bias, y),
        TorchSharp.Modules.Convolution m => (layer, x, y) => Convolution(layer, m, x, y),
        NormBase m and (BatchNorm1d or BatchNorm2d) => (layer, x, y) => BatchNorm(layer, m, x, y),
        LayerNorm m => (layer, x, y) => Add(NormCount.Layer(layer, y.shape, Of(y, x, m.weight)), y, [x], [m.weight, m.bias]),
        GroupNorm m => (layer, x, y) =>
            Add(NormCount.Group(layer, y.shape, (int)m.num_groups, Of(y, x, m.weight)), y, [x], [m.weight, m.bias]),
        Embedding m => (layer, ids, y) => Lookup(layer, ids, m.weight!, y, isBag: false),
        ReLU => (layer, x, y) => Elementwise(layer, "relu", x, y, 1, 1),
        Tanh => (layer, x, y) => Elementwise(layer, "tanh", x, y, 1, 3),
        Sigmoid => (layer, x, y) => Elementwise(layer, "sigmoid", x, y, 4, 3),
        // x / (1 + exp(−x)); backwards dy·s·(1 + x·(1 − s)).
        SiLU => (layer, x, y) => Elementwise(layer, "silu", x, y, 4, 9),
        // x·Φ(x) with the error function; backwards dy·(Φ(x) + x·φ(x)).
        GELU => (layer, x, y) => Elementwise(layer, "gelu", x, y, 5, 11),
        // Maximum, subtract, exponent, sum, divide; backwards multiply, sum, subtract, multiply.
        TorchSharp.Modules.Softmax => (layer, x, y) => Elementwise(layer, "softmax", x, y, 5, 4),
        TorchSharp.Modules.Dropout m => (layer, x, y) => Dropout(layer, x, y, m.training),
        MaxPool2d m => (layer, x, y) => Add(PoolingCount.Max(layer, x.shape, y.shape, m.kernel_size, y.requires_grad), y, [x]),
        AvgPool2d m => (layer, x, y) => Add(PoolingCount.Average(layer, x.shape, y.shape, m.kernel_size, y.requires_grad), y, [x]),
        AdaptiveAvgPool2d => GlobalAverage,
        Upsample m => (layer, x, y) => Add(UpsampleCount.Of(layer, x.shape, y.shape, m.mode == UpsampleMode.Nearest, y.requires_grad), y, [x]),
        _ => null,
    };

    /// <param name="weight">[outputs, inputs]</param>
    internal void Linear(string layer, Tensor x, Tensor weight, Tensor? bias, Tensor y)
    {
        var inputs = x.shape[^1];
        var count = LinearCount.Of(layer, x.numel() / inputs, inputs, y.shape[^1], bias is not null, Of(y, x, weight));
        Add(count with { Output = y.shape }, y, [x], [weight, bias]);
    }

    /// <param name="x">bf16, as are the copies of weight and bias that it is multiplied with.</param>
    internal void Bf16Linear(string layer, Tensor x, Tensor weight, Tensor? bias, Tensor y)
    {
        var inputs = x.shape[^1];
        var count = LinearCount.Bf16Of(layer, x.numel() / inputs, inputs, y.shape[^1], bias is not null, Of(y, x, weight));
        foreach (var copied in (Tensor?[])[weight, bias])
        {
            // A second product reads the same copy.
            if (copied is not null && !copies.Add(Key(copied)))
                count = count with { UniqueBytes = count.UniqueBytes - Bf16.Bytes * copied.numel() };
        }
        Add(count with { Output = y.shape }, y, [x], [weight, bias]);
    }

    public static Precision PrecisionOf(Tensor x) => x.dtype == ScalarType.BFloat16 ? Precision.Bf16 : Precision.Fp32;

    internal void Elementwise(string layer, string kind, Tensor x, Tensor y, int forwardFlops, int backwardFlops)
    {
        var inPlace = Key(x) == Key(y);
        Add(ElementwiseCount.Of(layer, kind, y.shape, forwardFlops, backwardFlops, inPlace, y.requires_grad, PrecisionOf(y)), y, [x]);
        // What follows reads the output, not the input again.
        if (inPlace)
            tensorsRead.Remove(Key(x));
    }

    internal void Dropout(string layer, Tensor x, Tensor y, bool training)
    {
        if (training)
            Add(DropoutCount.Of(layer, y.shape, y.requires_grad), y, [x]);
    }

    internal void GlobalAverage(string layer, Tensor x, Tensor y) =>
        Add(PoolingCount.GlobalAverage(layer, x.shape, y.requires_grad), y, [x]);

    internal void Lookup(string layer, Tensor ids, Tensor table, Tensor y, bool isBag)
    {
        var (uniqueRows, kind) = tables.GetValueOrDefault(layer);
        var shape = new EmbeddingShape(
            table.shape[0], table.shape[1], ids.numel(), uniqueRows ?? Math.Min(table.shape[0], ids.numel()));
        var gradients = Of(y, ids, table);
        var row = isBag
            ? EmbeddingCount.Bag(layer, shape, ids.shape[0], kind, gradients)
            : EmbeddingCount.Of(layer, shape, kind, gradients) with { Output = y.shape };
        var (isSparse, tensors) = (kind == TableGradient.Sparse && gradients.Weights, parameterTensors);
        // Other rows of the same table are other bytes, unless the whole table was counted already.
        Add(row, y, [ids], [table], weightBytes: gradients.Weights && !isSparse ? null : 0);
        if (!isSparse)
            return;
        var added = rows[^1];
        // A list of rows is added to no other list.
        rows[^1] = added with { WeightGradient = row.WeightGradient };
        sparse = new(sparse.Parameters + added.Parameters, sparse.Listed + shape.Result, sparse.Touched + shape.Touched,
            sparse.Tables + parameterTensors - tensors);
        parameterTensors = tensors;
    }

    /// <summary>Matrices, or pairs of them that lie before one another.</summary>
    internal void Product(string kind, Tensor a, Tensor b, Tensor y)
    {
        var shape = y.shape;
        var product = new ProductShape(Shapes.Elements(shape[..^2]), shape[^2], a.shape[^1], shape[^1]);
        var (left, right) = (Of(y, a).Data, Of(y, b).Data);
        Add(ProductCount.Of(Name(kind), kind, shape, product, left, right), y, [a, b]);
    }

    internal void Loss(Tensor prediction, LayerCount loss) =>
        Add(prediction.requires_grad ? loss : loss with { DataGradient = default }, prediction, [prediction]);

    void Convolution(string layer, TorchSharp.Modules.Convolution module, Tensor x, Tensor y)
    {
        var shape = new ConvolutionShapes(x.shape, module.weight.shape, y.shape, module.transposed);
        Add(ConvolutionCount.Of(layer, shape, module.bias is not null, Of(y, x, module.weight)), y, [x], [module.weight, module.bias]);
    }

    void BatchNorm(string layer, NormBase module, Tensor x, Tensor y)
    {
        var row = module.training ? BatchNormCount.Of(layer, y.shape, Of(y, x, module.weight)) : BatchNormCount.Inference(layer, y.shape);
        Add(row, y, [x], [module.weight, module.bias]);
    }

    // Parameters of each layer and direction: weights of the input and of the state, then their biases. Between the layers nothing is seen.
    void Lstm(string layer, LSTM module, Tensor x, Tensor y, Tensor state)
    {
        var named = module.named_parameters().ToDictionary(parameter => parameter.name, parameter => (Tensor)parameter.parameter);
        // Batch or steps may come first in x; in the state [layers · directions, B, H], only the batch can.
        var samples = state.shape[^2];
        var (steps, backward) = (x.numel() / x.shape[^1] / samples, y.requires_grad);
        for (var i = 0; named.ContainsKey($"weight_ih_l{i}"); i++)
        {
            Direction(i, "", "");
            if (!named.ContainsKey($"weight_ih_l{i}_reverse"))
                continue;
            Direction(i, "_reverse", " reverse");
            Add(JoinCount.Concat($"{layer} {i + 1} both", y.shape), y, []);
        }

        void Direction(int i, string suffix, string name)
        {
            var (ofInput, ofState) = (named[$"weight_ih_l{i}{suffix}"], named[$"weight_hh_l{i}{suffix}"]);
            var shape = new LstmShape(samples, steps, ofInput.shape[1], ofState.shape[1], Bias: named.ContainsKey($"bias_ih_l{i}{suffix}"));
            var input = LstmCount.Input($"{layer} {i + 1}{name} input", shape, backward);
            // What the layer below gave both directions gets a gradient from each.
            if (i > 0 && name.Length > 0 && backward)
                input = input with { DataGradient = input.DataGradient + Accumulation.Of(samples * steps * shape.Inputs) };
            Add(input, y, i == 0 ? [x] : [], [ofInput, named.GetValueOrDefault($"bias_ih_l{i}{suffix}")]);
            Add(LstmCount.Hidden($"{layer} {i + 1}{name} hidden", shape, backward), y, [], [ofState, named.GetValueOrDefault($"bias_hh_l{i}{suffix}")]);
            Add(LstmCount.Cell($"{layer} {i + 1}{name} cell", shape, backward), y, []);
        }
    }
}
