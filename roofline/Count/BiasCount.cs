namespace MlPerfEdu.Roofline.Count;

/// <summary>A number per channel, added where a layer could not do so itself.</summary>
public static class BiasCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> shape, Gradients gradients)
    {
        var x = Shapes.Elements(shape);
        var b = shape[^1];
        return new LayerCount
        {
            Layer = layer,
            Kind = "bias",
            Output = shape,
            Parameters = b,
            Forward = new Work(0, x, Fp32.Bytes * (2 * x + b), 1),
            WeightGradient = gradients.Weights ? Gradient(x, b) : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * b + x),
        };
    }

    /// <summary>A sum of the output's gradient over everything but the channel.</summary>
    internal static Work Gradient(long outputs, long bias) =>
        bias == 0 ? default : new Work(0, outputs, Fp32.Bytes * (outputs + bias), 1);
}
