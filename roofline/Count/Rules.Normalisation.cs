namespace MlPerfEdu.Roofline.Count;

/// <summary>Batch normalisation; in training with the statistics of this batch, running statistics updated.</summary>
public static class BatchNormCount
{
    // Per element. Mean: 1; variance: subtract, square, add; result: subtract, scale, weight, bias.
    const int ForwardFlops = 8;

    // Per element. Normalised value again: 2; the two sums: 3; dx = k·(dy − mean(dy) − x̂·mean(dy·x̂)): 4.
    const int BackwardFlops = 9;

    // Per element: subtract, scale, weight, bias.
    const int InferenceFlops = 4;

    const int CounterBytes = 8;

    public static LayerCount Of(string layer, IReadOnlyList<long> shape, Gradients gradients)
    {
        var elements = Shapes.Elements(shape);
        var channels = shape[1];
        return LayerCount.Of(layer, "batch norm", shape) with
        {
            Parameters = 2 * channels,
            // Weight and bias read, running mean and variance read and written, saved statistics written; then the batch counter.
            Forward = Work.Pass(ForwardFlops * elements, 2 * elements + 8 * channels)
                + new Work(0, 1, 2 * CounterBytes, 1),
            DataGradient = gradients.Count > 0
                ? Work.Pass(BackwardFlops * elements, 3 * elements + 5 * channels)
                : default,
            UniqueBytes = Fp32.Bytes * (elements + (4 + 2 * gradients.ParameterCopies) * channels) + CounterBytes,
        };
    }

    /// <summary>With the running statistics, which nothing changes.</summary>
    public static LayerCount Inference(string layer, IReadOnlyList<long> shape)
    {
        var elements = Shapes.Elements(shape);
        var channels = shape[1];
        return LayerCount.Of(layer, "batch norm", shape) with
        {
            Parameters = 2 * channels,
            Forward = Work.Pass(InferenceFlops * elements, 2 * elements + 4 * channels),
            UniqueBytes = Fp32.Bytes * (elements + 4 * channels),
        };
    }
}

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
        return LayerCount.Of(layer, kind, shape) with
        {
            Parameters = w,
            Forward = Work.Pass(forwardFlops * x, 2 * x + w + kept),
            DataGradient = gradients.Count > 0
                ? Work.Pass(backwardFlops * x, 3 * x + features + kept + (gradients.Weights ? w : 0))
                : default,
            UniqueBytes = Fp32.Bytes * (x + gradients.ParameterCopies * w + kept),
        };
    }
}
