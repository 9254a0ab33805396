namespace MlPerfEdu.Roofline.Count;

/// <summary>Norms over a part of each sample: the statistics are the sample's own, in training and in use.</summary>
public static class NormCount
{
    public static LayerCount Layer(string layer, IReadOnlyList<long> shape, Gradients gradients) =>
        Of(layer, "layer norm", shape, rows: Shapes.Elements(shape) / shape[^1], features: shape[^1], parameters: 2, statistics: 2,
            // Mean 1, variance 3, result 4; backwards as batch norm: 9.
            forwardFlops: 8, backwardFlops: 9, gradients);

    /// <summary>No mean and no bias.</summary>
    /// <remarks>Square, add, scale, weight. dx = r·(w·dy − x·c): the sum 3, the result 4, the weight's gradient 2.</remarks>
    public static LayerCount RootMeanSquare(string layer, IReadOnlyList<long> shape, Gradients gradients) =>
        Of(layer, "rms norm", shape, rows: Shapes.Elements(shape) / shape[^1], features: shape[^1], parameters: 1, statistics: 1,
            forwardFlops: 4, backwardFlops: 9, gradients);

    /// <summary>Channels in groups; weight and bias per channel, statistics per sample and group.</summary>
    public static LayerCount Group(string layer, IReadOnlyList<long> shape, int groups, Gradients gradients)
    {
        if (shape[1] % groups != 0)
            throw new ArgumentException($"Layer '{layer}' has {groups} groups and gets {shape[1]} channels; choose a divisor of these.");
        return Of(layer, "group norm", shape, rows: shape[0] * groups, features: shape[1], parameters: 2, statistics: 2,
            forwardFlops: 8, backwardFlops: 9, gradients);
    }

    static LayerCount Of(
        string layer, string kind, IReadOnlyList<long> shape, long rows, long features, int parameters, int statistics,
        int forwardFlops, int backwardFlops, Gradients gradients)
    {
        var x = Shapes.Elements(shape);
        var w = parameters * features;
        var kept = statistics * rows;
        return new LayerCount
        {
            Layer = layer,
            Kind = kind,
            Output = shape,
            Parameters = w,
            Forward = new Work(0, forwardFlops * x, Fp32.Bytes * (2 * x + w + kept), 1),
            DataGradient = gradients.Count > 0
                ? new Work(0, backwardFlops * x, Fp32.Bytes * (3 * x + features + kept + (gradients.Weights ? w : 0)), 1)
                : default,
            UniqueBytes = Fp32.Bytes * (x + gradients.ParameterCopies * w + kept),
        };
    }
}
