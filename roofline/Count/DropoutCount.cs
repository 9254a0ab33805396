namespace MlPerfEdu.Roofline.Count;

/// <summary>A random mask as large as the input, kept for the backward pass.</summary>
public static class DropoutCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> shape, bool dataGradient)
    {
        var x = Shapes.Elements(shape);
        return new LayerCount
        {
            Layer = layer,
            Kind = "dropout",
            Output = shape,
            // Draw and scale; multiply.
            Forward = new Work(0, 3 * x, Fp32.Bytes * 3 * x, 1),
            DataGradient = dataGradient ? new Work(0, x, Fp32.Bytes * 3 * x, 1) : default,
            UniqueBytes = Fp32.Bytes * 2 * x,
        };
    }
}
