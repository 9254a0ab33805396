namespace MlPerfEdu.Roofline.Count;

/// <summary>One operation per element, forward and backward.</summary>
public static class ElementwiseCount
{
    /// <param name="forwardFlops">Operations per element of the forward function.</param>
    /// <param name="backwardFlops">Operations per element of its derivative and the product with the incoming gradient.</param>
    public static LayerCount Of(
        string layer, string kind, IReadOnlyList<long> shape, int forwardFlops, int backwardFlops, bool inPlace, bool dataGradient)
    {
        var elements = Shapes.Elements(shape);
        return new LayerCount
        {
            Layer = layer,
            Kind = kind,
            Output = shape,
            Forward = new Work(0, forwardFlops * elements, Fp32.Bytes * 2 * elements, 1),
            // Reads the incoming gradient and the kept tensor, writes the outgoing gradient.
            DataGradient = dataGradient ? new Work(0, backwardFlops * elements, Fp32.Bytes * 3 * elements, 1) : default,
            UniqueBytes = inPlace ? 0 : Fp32.Bytes * elements,
        };
    }
}
