namespace MlPerfEdu.Roofline.Count;

/// <summary>Where branches meet again; backwards the fork adds up the gradients that they bring.</summary>
public static class JoinCount
{
    /// <summary>The sum of two branches.</summary>
    public static LayerCount Add(string layer, IReadOnlyList<long> shape, Work fork)
    {
        var x = Shapes.Elements(shape);
        return new LayerCount
        {
            Layer = layer,
            Kind = "add",
            Output = shape,
            Forward = new Work(0, x, Fp32.Bytes * 3 * x, 1),
            DataGradient = fork,
            UniqueBytes = Fp32.Bytes * x,
        };
    }

    /// <summary>The product of two branches, such as a value and its gate.</summary>
    public static LayerCount Multiply(string layer, IReadOnlyList<long> shape, int gradients, Work fork)
    {
        var x = Shapes.Elements(shape);
        return new LayerCount
        {
            Layer = layer,
            Kind = "product",
            Output = shape,
            Forward = new Work(0, x, Fp32.Bytes * 3 * x, 1),
            DataGradient = new Work(0, x, Fp32.Bytes * 3 * x, 1).Times(gradients) + fork,
            UniqueBytes = Fp32.Bytes * x,
        };
    }

    /// <summary>A number per channel, added to all of its places.</summary>
    public static LayerCount PerChannel(string layer, IReadOnlyList<long> shape, long added, bool addedGradient)
    {
        var x = Shapes.Elements(shape);
        return new LayerCount
        {
            Layer = layer,
            Kind = "add per channel",
            Output = shape,
            Forward = new Work(0, x, Fp32.Bytes * (2 * x + added), 1),
            DataGradient = addedGradient ? new Work(0, x, Fp32.Bytes * (x + added), 1) : default,
            UniqueBytes = Fp32.Bytes * x,
        };
    }

    /// <summary>Branches side by side: a copy. Backwards each takes its part as a view.</summary>
    public static LayerCount Concat(string layer, IReadOnlyList<long> shape, Work fork)
    {
        var x = Shapes.Elements(shape);
        return new LayerCount
        {
            Layer = layer,
            Kind = "concat",
            Output = shape,
            Forward = new Work(0, 0, Fp32.Bytes * 2 * x, 1),
            DataGradient = fork,
            UniqueBytes = Fp32.Bytes * x,
        };
    }
}
