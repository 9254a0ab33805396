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
        return new LayerCount
        {
            Layer = layer,
            Kind = "linear",
            Output = [rows, outputs],
            Parameters = w + b,
            ForwardMacs = macs,
            Forward = new Work(2 * macs, bias ? y : 0, Fp32.Bytes * (x + w + b + y), 1),
            DataGradient = gradients.Data ? new Work(2 * macs, 0, Fp32.Bytes * (y + w + x), 1) : default,
            WeightGradient = gradients.Weights ? new Work(2 * macs, 0, Fp32.Bytes * (x + y + w), 1) + BiasCount.Gradient(y, b) : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * (w + b) + y),
            Operators = [new OperatorCount(OperatorKey.Matmul(2 * macs), products, products * 2 * macs)],
        };
    }

    /// <summary>Weights of another layer, as in a classifier that reuses the embedding: computed again, stored once.</summary>
    public static LayerCount Tied(string layer, long rows, long inputs, long outputs, Gradients gradients)
    {
        var count = Of(layer, rows, inputs, outputs, bias: false, gradients);
        return count with
        {
            Kind = "tied linear",
            Parameters = 0,
            WeightGradient = count.WeightGradient + (gradients.Weights ? Accumulation.Of(inputs * outputs) : default),
            UniqueBytes = Fp32.Bytes * rows * outputs,
        };
    }
}
