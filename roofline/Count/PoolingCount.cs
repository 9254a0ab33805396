namespace MlPerfEdu.Roofline.Count;

public static class PoolingCount
{
    const int IndexBytes = 8;

    /// <summary>The mean of each channel; backwards each element gets its share of the channel's gradient.</summary>
    public static LayerCount GlobalAverage(string layer, IReadOnlyList<long> input, bool dataGradient)
    {
        var x = Shapes.Elements(input);
        IReadOnlyList<long> output = [input[0], input[1]];
        var y = Shapes.Elements(output);
        return new LayerCount
        {
            Layer = layer,
            Kind = "global average pool",
            Output = output,
            Forward = new Work(0, x, Fp32.Bytes * (x + y), 1),
            DataGradient = dataGradient ? new Work(0, x, Fp32.Bytes * (y + x), 1) : default,
            UniqueBytes = Fp32.Bytes * y,
        };
    }

    public static LayerCount Average(string layer, IReadOnlyList<long> input, Extent kernel, Extent stride, Extent padding, bool dataGradient) =>
        Average(layer, input, Output(input, kernel, stride, padding), [kernel.Height, kernel.Width], dataGradient);

    public static LayerCount Average(
        string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, IReadOnlyList<long> kernel, bool dataGradient)
    {
        var x = Shapes.Elements(input);
        var y = Shapes.Elements(output);
        var additions = y * kernel[0] * kernel[^1];
        return new LayerCount
        {
            Layer = layer,
            Kind = "average pool",
            Output = output,
            Forward = new Work(0, additions, Fp32.Bytes * (x + y), 1),
            DataGradient = dataGradient ? new Work(0, additions, Fp32.Bytes * (y + x), 1) : default,
            UniqueBytes = Fp32.Bytes * y,
        };
    }

    /// <summary>The position of each maximum is kept for the backward pass.</summary>
    public static LayerCount Max(string layer, IReadOnlyList<long> input, Extent kernel, Extent stride, Extent padding, bool dataGradient) =>
        Max(layer, input, Output(input, kernel, stride, padding), [kernel.Height, kernel.Width], dataGradient);

    public static LayerCount Max(
        string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, IReadOnlyList<long> kernel, bool dataGradient)
    {
        var x = Shapes.Elements(input);
        var y = Shapes.Elements(output);
        var indices = IndexBytes * y;
        return new LayerCount
        {
            Layer = layer,
            Kind = "max pool",
            Output = output,
            Forward = new Work(0, y * kernel[0] * kernel[^1], Fp32.Bytes * (x + y) + indices, 1),
            DataGradient = dataGradient ? new Work(0, y, Fp32.Bytes * (y + x) + indices, 1) : default,
            UniqueBytes = Fp32.Bytes * y + indices,
        };
    }

    static long[] Output(IReadOnlyList<long> input, Extent kernel, Extent stride, Extent padding) =>
    [
        input[0],
        input[1],
        Shapes.Positions(input[2], kernel.Height, stride.Height, padding.Height),
        Shapes.Positions(input[3], kernel.Width, stride.Width, padding.Width),
    ];
}
