namespace MlPerfEdu.Roofline.Count;

public enum Interpolation
{
    Nearest,
    Bilinear,
}

/// <summary>A larger image from a smaller one; each result reads one element, or four with their weights.</summary>
public static class UpsampleCount
{
    // Four products and three sums; backwards four products and four sums.
    const int BilinearForward = 7;
    const int BilinearBackward = 8;

    public static LayerCount Of(string layer, IReadOnlyList<long> input, int factor, Interpolation interpolation, bool dataGradient)
    {
        IReadOnlyList<long> output = [input[0], input[1], factor * input[2], factor * input[3]];
        return Of(layer, input, output, interpolation == Interpolation.Nearest, dataGradient);
    }

    public static LayerCount Of(string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, bool isNearest, bool dataGradient)
    {
        var (x, y) = (Shapes.Elements(input), Shapes.Elements(output));
        var (forward, backward) = isNearest ? (0, 1) : (BilinearForward, BilinearBackward);
        return new LayerCount
        {
            Layer = layer,
            Kind = isNearest ? "nearest upsampling" : "bilinear upsampling",
            Output = output,
            Forward = new Work(0, forward * y, Fp32.Bytes * (x + y), 1),
            DataGradient = dataGradient ? new Work(0, backward * y, Fp32.Bytes * (x + y), 1) : default,
            UniqueBytes = Fp32.Bytes * y,
        };
    }
}
