namespace MlPerfEdu.Roofline.Count;

/// <summary>A learned vector per position, added to every sample.</summary>
public static class PositionCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> shape, long context, Gradients gradients)
    {
        if (shape[^2] > context)
        {
            throw new ArgumentException(
                $"Layer '{layer}' has vectors for {context} positions and gets {shape[^2]}; enlarge the context or shorten the input.");
        }

        var x = Shapes.Elements(shape);
        var used = shape[^2] * shape[^1];
        var table = context * shape[^1];
        return new LayerCount
        {
            Layer = layer,
            Kind = "positions",
            Output = shape,
            Parameters = table,
            Forward = new Work(0, x, Fp32.Bytes * (2 * x + used), 1),
            // The sum over the samples, put into a gradient as large as the table.
            WeightGradient = gradients.Weights
                ? new Work(0, x, Fp32.Bytes * (x + used), 1) + new Work(0, 0, Fp32.Bytes * (table + 2 * used), 2)
                : default,
            UniqueBytes = Fp32.Bytes * ((gradients.Weights ? 2 * table : used) + x),
        };
    }
}
