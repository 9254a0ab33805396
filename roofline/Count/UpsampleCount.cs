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
        var x = Shapes.Elements(input);
        IReadOnlyList<long> output = [input[0], input[1], factor * input[2], factor * input[3]];
        var y = Shapes.Elements(output);
        var (forward, backward) = interpolation == Interpolation.Nearest ? (0, 1) : (BilinearForward, BilinearBackward);
        return new LayerCount
        {
            Layer = layer,
            Kind = interpolation == Interpolation.Nearest ? "nearest upsampling" : "bilinear upsampling",
            Output = output,
            Forward = new Work(0, forward * y, Fp32.Bytes * (x + y), 1),
            DataGradient = dataGradient ? new Work(0, backward * y, Fp32.Bytes * (x + y), 1) : default,
            UniqueBytes = Fp32.Bytes * y,
        };
    }
}
