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

    /// <summary>The sum of two branches; backwards the fork adds the two gradients of its input.</summary>
    public static LayerCount Add(string layer, IReadOnlyList<long> shape, long forkElements, bool forkGradient)
    {
        var elements = Shapes.Elements(shape);
        return new LayerCount
        {
            Layer = layer,
            Kind = "add",
            Output = shape,
            Forward = new Work(0, elements, Fp32.Bytes * 3 * elements, 1),
            DataGradient = forkGradient ? new Work(0, forkElements, Fp32.Bytes * 3 * forkElements, 1) : default,
            UniqueBytes = Fp32.Bytes * elements,
        };
    }
}
