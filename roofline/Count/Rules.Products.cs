namespace MlPerfEdu.Roofline.Count;

/// <summary>y = x·Wᵀ + b over a number of rows.</summary>
public static class LinearCount
{
    public static LayerCount Of(string layer, long rows, long inputs, long outputs, bool bias, Gradients gradients)
    {
        var macs = rows * inputs * outputs;
        var x = rows * inputs;
        var w = inputs * outputs;
        var y = rows * outputs;
        var b = bias ? outputs : 0;
        var products = 1 + gradients.Count;
        return LayerCount.Of(layer, "linear", [rows, outputs]) with
        {
            Parameters = w + b,
            ForwardMacs = macs,
            Forward = new Work(2 * macs, bias ? y : 0, Fp32.Bytes * (x + w + b + y), 1),
            DataGradient = gradients.Data ? new Work(2 * macs, 0, Fp32.Bytes * (y + w + x), 1) : default,
            WeightGradient = gradients.Weights ? new Work(2 * macs, 0, Fp32.Bytes * (x + y + w), 1) + BiasCount.Gradient(y, b) : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * (w + b) + y),
            Operators = [new OperatorCount(OperatorKey.Matmul(2 * macs), products, products * 2 * macs)],
        };
    }

    /// <summary>
    /// The same of bf16 rows, with bf16 copies of weights that are fp32 themselves. The product of the weights' gradient is turned into fp32;
    /// the bias's is added up in it.
    /// </summary>
    public static LayerCount Bf16Of(string layer, long rows, long inputs, long outputs, bool bias, Gradients gradients)
    {
        var (x, w, y, b) = (rows * inputs, inputs * outputs, rows * outputs, bias ? outputs : 0);
        var count = Of(layer, rows, inputs, outputs, bias, gradients);
        var widened = CastCount.Work(w, Bf16.Bytes, Fp32.Bytes);
        var ofBias = new Work(0, y, Bf16.Bytes * y + Fp32.Bytes * b, 1);
        return count with
        {
            Precision = Precision.Bf16,
            Forward = count.Forward with { Bytes = Bf16.Bytes * (x + w + b + y) },
            DataGradient = count.DataGradient with { Bytes = gradients.Data ? Bf16.Bytes * (y + w + x) : 0 },
            WeightGradient = gradients.Weights
                ? new Work(count.Forward.Flops, 0, Bf16.Bytes * (x + y + w), 1) + widened + (bias ? ofBias : default)
                : default,
            UniqueBytes = Fp32.Bytes * gradients.ParameterCopies * (w + b) + Bf16.Bytes * (w + b + y),
        };
    }
}

/// <summary>A number per channel, added where a layer could not do so itself.</summary>
public static class BiasCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> shape, Gradients gradients)
    {
        var x = Shapes.Elements(shape);
        var b = shape[^1];
        return LayerCount.Of(layer, "bias", shape) with
        {
            Parameters = b,
            Forward = Work.Pass(x, 2 * x + b),
            WeightGradient = gradients.Weights ? Gradient(x, b) : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * b + x),
        };
    }

    /// <summary>A sum of the output's gradient over everything but the channel.</summary>
    internal static Work Gradient(long outputs, long bias) =>
        bias == 0 ? default : Work.Pass(outputs, outputs + bias);
}

/// <summary>A convolution over images of batch × channels × height × width, or over sequences of batch × channels × length.</summary>
/// <param name="Weight">Output channels first; of a transposed convolution, input channels first.</param>
/// <param name="Transposed">The data gradient of a convolution, used forwards: every input element spreads a kernel over the output.</param>
public sealed record ConvolutionShapes(
    IReadOnlyList<long> Input, IReadOnlyList<long> Weight, IReadOnlyList<long> Output, bool Transposed = false)
{
    public long OutChannels => Output[1];

    /// <summary>
    /// Multiplications with padding are counted: the operator performs them. A transposed one works by the input's positions, not by the
    /// output's, which are more.
    /// </summary>
    public long Macs => Shapes.Elements(Transposed ? Input : Output) * Shapes.Elements(Weight.Skip(1));

    public string Kind => (Transposed, Input.Count, Groups) switch
    {
        (true, _, _) => "transposed conv",
        (_, 3, 1) => "conv1d",
        (_, 3, _) => "grouped conv1d",
        (_, _, 1) when Weight.Skip(2).All(size => size == 1) => "pointwise conv",
        (_, _, 1) => "conv",
        _ when Groups == Input[1] => "depthwise conv",
        _ => "grouped conv",
    };

    long Groups => Input[1] / Weight[1];
}

public static class ConvolutionCount
{
    public static LayerCount Of(string layer, ConvolutionShapes shape, bool bias, Gradients gradients)
    {
        var flops = 2 * shape.Macs;
        var x = Shapes.Elements(shape.Input);
        var w = Shapes.Elements(shape.Weight);
        var y = Shapes.Elements(shape.Output);
        var b = bias ? shape.OutChannels : 0;
        // libtorch computes both gradients, and the bias's, in one call; they are two passes over memory.
        return LayerCount.Of(layer, shape.Kind, shape.Output) with
        {
            Parameters = w + b,
            ForwardMacs = shape.Macs,
            Forward = new Work(flops, bias ? y : 0, Fp32.Bytes * (x + w + b + y), 1),
            DataGradient = gradients.Data ? new Work(flops, 0, Fp32.Bytes * (y + w + x), gradients.Weights ? 0 : 1) : default,
            WeightGradient = gradients.Weights ? new Work(flops, bias ? y : 0, Fp32.Bytes * (x + y + w + b), 1) : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * (w + b) + y),
            Operators =
            [
                new OperatorCount(OperatorKey.Convolution(shape.Input, shape.Weight), 1, flops),
                .. Backward(shape, gradients.Count, flops),
            ],
        };
    }

    static OperatorCount[] Backward(ConvolutionShapes shape, int gradients, long flops) => gradients == 0
        ? []
        : [new OperatorCount(OperatorKey.ConvolutionBackward(shape.Output, shape.Input, shape.Weight), 1, gradients * flops)];
}

/// <summary>Products of pairs of matrices that are both results: rows × inner by inner × columns, once per pair.</summary>
public sealed record ProductShape(long Pairs, long Rows, long Inner, long Columns)
{
    public long Left => Pairs * Rows * Inner;

    public long Right => Pairs * Inner * Columns;

    public long Result => Pairs * Rows * Columns;

    public long Macs => Left * Columns;
}

public static class ProductCount
{
    /// <summary>Two products as one row of the table.</summary>
    public static LayerCount Together(LayerCount first, LayerCount second) => first with
    {
        ForwardMacs = first.ForwardMacs + second.ForwardMacs,
        Forward = first.Forward + second.Forward,
        DataGradient = first.DataGradient + second.DataGradient,
        UniqueBytes = first.UniqueBytes + second.UniqueBytes,
        Operators = [.. first.Operators, .. second.Operators],
    };

    /// <param name="leftGradient">A matrix that does not depend on what is trained has no gradient, and costs no product.</param>
    /// <param name="rightGradient">The same of the right matrix.</param>
    public static LayerCount Of(
        string layer, string kind, IReadOnlyList<long> output, ProductShape shape, bool leftGradient, bool rightGradient)
    {
        var gradients = (leftGradient ? 1 : 0) + (rightGradient ? 1 : 0);
        var flops = 2 * shape.Macs;
        var pass = new Work(flops, 0, Fp32.Bytes * (shape.Left + shape.Right + shape.Result), 1);
        return LayerCount.Of(layer, kind, output) with
        {
            ForwardMacs = shape.Macs,
            Forward = pass,
            // Either gradient reads two of the three matrices and writes the third.
            DataGradient = pass.Times(gradients),
            UniqueBytes = Fp32.Bytes * shape.Result,
            Operators = [new OperatorCount(OperatorKey.Matmul(flops), 1 + gradients, (1 + gradients) * flops)],
        };
    }
}

/// <summary>y = x·W for rows of which few numbers are stored: a multiply-add per stored number and output.</summary>
public static class SparseLinearCount
{
    const int IndexBytes = 8;

    /// <summary>Each stored number comes with two indices.</summary>
    public static long Bytes(long stored) => stored * (Fp32.Bytes + 2 * IndexBytes);

    /// <summary>Samples of which few numbers are stored, and which stay where they are from step to step.</summary>
    public static LayerCount Input(string layer, long rows, long columns, long stored) =>
        new() { Layer = layer, Kind = "sparse input", Output = [rows, columns], UniqueBytes = Bytes(stored) };

    public static LayerCount Of(string layer, long rows, long inputs, long outputs, long stored, Gradients gradients)
    {
        var (macs, w, y) = (stored * outputs, inputs * outputs, rows * outputs);
        var pass = new Work(2 * macs, 0, Bytes(stored) + Fp32.Bytes * (w + y), 1);
        var passes = gradients.Weights ? 2 : 1;
        return LayerCount.Of(layer, "sparse linear", [rows, outputs]) with
        {
            Parameters = w,
            ForwardMacs = macs,
            Forward = pass,
            WeightGradient = gradients.Weights ? pass : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * w + y),
            Operators = [new OperatorCount(OperatorKey.SparseMatmul(2 * macs), passes, passes * 2 * macs)],
        };
    }
}

/// <summary>A constant matrix of nodes × nodes, of which few elements are stored, times nodes × features.</summary>
public static class PropagationCount
{
    const int IndexBytes = 8;

    /// <summary>A multiply-add per stored element and feature; the elements come with two indices each.</summary>
    public static LayerCount Sparse(string layer, long nodes, long features, long edges, bool dataGradient)
    {
        var (macs, x) = (edges * features, nodes * features);
        var adjacency = edges * (Fp32.Bytes + 2 * IndexBytes);
        var passes = dataGradient ? 2 : 1;
        var pass = new Work(2 * macs, 0, adjacency + Fp32.Bytes * 2 * x, 1);
        return LayerCount.Of(layer, "sparse propagation", [nodes, features]) with
        {
            ForwardMacs = macs,
            Forward = pass,
            DataGradient = dataGradient ? pass : default,
            UniqueBytes = adjacency + Fp32.Bytes * x,
            Operators = [new OperatorCount(OperatorKey.SparseMatmul(2 * macs), passes, passes * 2 * macs)],
        };
    }
}

/// <summary>
/// A long short-term memory: the product of all steps' inputs, then step by step the product of the state and the cell. oneDNN runs a layer as
/// one operator, whose backward pass computes every gradient, those of the input and of the first state too, whether anybody asks or not.
/// </summary>
static class LstmCount
{
    /// <summary>Input, forget, cell, output.</summary>
    public const int Gates = 4;

    /// <summary>Gradients of what is multiplied and of the weights.</summary>
    public const int BackwardPasses = 2;

    // Per hidden number: three sigmoids 12, two hyperbolic tangents 2, the sum of both products 4, cell 3, result 1.
    const int CellForward = 22;

    // Gate derivatives 4·3, products of the cell 8, of the result 4.
    const int CellBackward = 24;

    /// <summary>The product of every step's input, of all steps at once.</summary>
    public static LayerCount Input(string layer, LstmShape shape, bool backward) =>
        LinearCount.Of(layer, shape.Batch * shape.Steps, shape.Inputs, Gates * shape.Hidden, shape.Bias, backward ? Gradients.Both : Gradients.None) with
        {
            Output = [shape.Batch, shape.Steps, Gates * shape.Hidden],
            // Part of the layer's one operator.
            Operators = [],
        };

    /// <summary>The state's product, once per step, and the operator that the whole layer is.</summary>
    public static LayerCount Hidden(string layer, LstmShape shape, bool backward)
    {
        var (batch, steps, gates) = (shape.Batch, shape.Steps, Gates * shape.Hidden);
        var one = LinearCount.Of(layer, batch, shape.Hidden, gates, shape.Bias, backward ? Gradients.Both : Gradients.None);
        var product = 2 * one.ForwardMacs;
        var (data, weight) = backward ? (steps, steps) : (0, 0);
        var passes = backward ? 1 + BackwardPasses : 1;
        var bias = shape.Bias ? Fp32.Bytes * gates : 0;
        var pass = one.Forward with { ElementwiseFlops = 0, Bytes = one.Forward.Bytes - bias };
        return one with
        {
            Kind = "recurrent linear",
            Output = [batch, steps, gates],
            ForwardMacs = steps * one.ForwardMacs,
            Forward = one.Forward.Times(steps),
            DataGradient = pass.Times(data),
            // Every step has a gradient of the same weights.
            WeightGradient = one.WeightGradient.Times(weight) + Accumulation.Of(weight > 0 ? one.Parameters : 0, weight - 1),
            UniqueBytes = Fp32.Bytes * ((backward ? 2 : 1) * one.Parameters + steps * batch * gates),
            Operators =
            [
                new OperatorCount(
                    OperatorKey.Recurrent([steps, batch, shape.Inputs], shape.Hidden), backward ? 2 : 1,
                    passes * steps * (product + 2 * batch * shape.Inputs * gates)),
            ],
        };
    }

    /// <summary>Gates, cell and result of every step.</summary>
    public static LayerCount Cell(string layer, LstmShape shape, bool dataGradient)
    {
        var (steps, x) = (shape.Steps, shape.Batch * shape.Steps * shape.Hidden);
        return LayerCount.Of(layer, "lstm cell", [shape.Batch, steps, shape.Hidden], Fp32.Bytes * (Gates + 2) * x,
            // Both products and the cell read; gates, cell and result written.
            new Work(0, CellForward * x, Fp32.Bytes * (2 * Gates + 1 + Gates + 2) * x, steps),
            // Gradients of result and cell, gates and two cells read; gradients of gates and cell written.
            dataGradient ? new Work(0, CellBackward * x, Fp32.Bytes * (2 + Gates + 2 + Gates + 1) * x, steps) : default);
    }
}

/// <summary>One layer of a long short-term memory in one direction.</summary>
sealed record LstmShape(long Batch, long Steps, long Inputs, long Hidden, bool Bias);
