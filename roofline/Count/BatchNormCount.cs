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
        return new LayerCount
        {
            Layer = layer,
            Kind = "batch norm",
            Output = shape,
            Parameters = 2 * channels,
            // Weight and bias read, running mean and variance read and written, saved statistics written; then the batch counter.
            Forward = new Work(0, ForwardFlops * elements, Fp32.Bytes * (2 * elements + 8 * channels), 1)
                + new Work(0, 1, 2 * CounterBytes, 1),
            DataGradient = gradients.Count > 0
                ? new Work(0, BackwardFlops * elements, Fp32.Bytes * (3 * elements + 5 * channels), 1)
                : default,
            UniqueBytes = Fp32.Bytes * (elements + (4 + 2 * gradients.ParameterCopies) * channels) + CounterBytes,
        };
    }

    /// <summary>With the running statistics, which nothing changes.</summary>
    public static LayerCount Inference(string layer, IReadOnlyList<long> shape)
    {
        var elements = Shapes.Elements(shape);
        var channels = shape[1];
        return new LayerCount
        {
            Layer = layer,
            Kind = "batch norm",
            Output = shape,
            Parameters = 2 * channels,
            Forward = new Work(0, InferenceFlops * elements, Fp32.Bytes * (2 * elements + 4 * channels), 1),
            UniqueBytes = Fp32.Bytes * (elements + 4 * channels),
        };
    }
}
