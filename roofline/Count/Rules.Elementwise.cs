namespace MlPerfEdu.Roofline.Count;

/// <summary>One operation per element, forward and backward.</summary>
public static class ElementwiseCount
{
    /// <param name="forwardFlops">Operations per element of the forward function.</param>
    /// <param name="backwardFlops">Operations per element of its derivative and the product with the incoming gradient.</param>
    /// <param name="precision">Of what is read and written, whatever it is computed in.</param>
    public static LayerCount Of(
        string layer, string kind, IReadOnlyList<long> shape, int forwardFlops, int backwardFlops, bool inPlace, bool dataGradient,
        Precision precision = Precision.Fp32)
    {
        var elements = Shapes.Elements(shape);
        return LayerCount.Of(layer, kind, shape, inPlace ? 0 : Bf16.BytesOf(precision) * elements,
            Work.Pass(forwardFlops * elements, 2 * elements, precision: precision),
            // Reads the incoming gradient and the kept tensor, writes the outgoing gradient.
            dataGradient ? Work.Pass(backwardFlops * elements, 3 * elements, precision: precision) : default) with { Precision = precision };
    }
}

/// <summary>Numbers of one precision turned into the other.</summary>
public static class CastCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> shape, bool narrows, bool dataGradient)
    {
        var x = Shapes.Elements(shape);
        var (from, to) = narrows ? (Fp32.Bytes, Bf16.Bytes) : (Bf16.Bytes, Fp32.Bytes);
        return LayerCount.Of(layer, narrows ? "cast to bf16" : "cast to fp32", shape, to * x,
            Work(x, from, to),
            dataGradient ? Work(x, to, from) : default);
    }

    /// <summary>The copies that products multiply, renewed by the optimizer's pass.</summary>
    public static LayerCount Copies(string layer, long numbers) => LayerCount.Of(layer, "bf16 copies", []) with
    {
        Optimizer = Work(numbers, Fp32.Bytes, Bf16.Bytes) with { Calls = 0 },
    };

    internal static Work Work(long numbers, int from, int to) => new(0, 0, (from + to) * numbers, 1);
}

/// <summary>A random mask as large as the input, kept for the backward pass.</summary>
public static class DropoutCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> shape, bool dataGradient)
    {
        var x = Shapes.Elements(shape);
        return LayerCount.Of(layer, "dropout", shape, Fp32.Bytes * 2 * x,
            // Draw and scale; multiply.
            Work.Pass(3 * x, 3 * x),
            dataGradient ? Work.Pass(x, 3 * x) : default);
    }
}

/// <summary>Where branches meet again.</summary>
public static class JoinCount
{
    /// <summary>The sum of two branches.</summary>
    public static LayerCount Add(string layer, IReadOnlyList<long> shape)
    {
        var x = Shapes.Elements(shape);
        return LayerCount.Of(layer, "add", shape, Fp32.Bytes * x, Work.Pass(x, 3 * x));
    }

    /// <summary>The sum of an fp32 branch and a bf16 one, fp32; backwards the gradient of the second is turned into bf16.</summary>
    public static LayerCount AddBf16(string layer, IReadOnlyList<long> shape, bool dataGradient)
    {
        var x = Shapes.Elements(shape);
        return LayerCount.Of(layer, "add", shape, Fp32.Bytes * x,
            new Work(0, x, (2 * Fp32.Bytes + Bf16.Bytes) * x, 1),
            dataGradient ? CastCount.Work(x, Fp32.Bytes, Bf16.Bytes) : default);
    }

    /// <summary>The product of two branches, such as a value and its gate.</summary>
    public static LayerCount Multiply(string layer, IReadOnlyList<long> shape, int gradients, Precision precision = Precision.Fp32)
    {
        var x = Shapes.Elements(shape);
        var pass = Work.Pass(x, 3 * x, precision: precision);
        return LayerCount.Of(layer, "product", shape, Bf16.BytesOf(precision) * x, pass, pass.Times(gradients)) with { Precision = precision };
    }

    /// <summary>A number per channel, added to all of its places.</summary>
    public static LayerCount PerChannel(string layer, IReadOnlyList<long> shape, long added, bool addedGradient)
    {
        var x = Shapes.Elements(shape);
        return LayerCount.Of(layer, "add per channel", shape, Fp32.Bytes * x,
            Work.Pass(x, 2 * x + added),
            addedGradient ? Work.Pass(x, x + added) : default);
    }

    /// <summary>Branches side by side: a copy. Backwards each takes its part as a view.</summary>
    public static LayerCount Concat(string layer, IReadOnlyList<long> shape)
    {
        var x = Shapes.Elements(shape);
        return LayerCount.Of(layer, "concat", shape, Fp32.Bytes * x, Work.Pass(0, 2 * x));
    }
}

/// <summary>One position of each sample: a view forwards, zeros around its gradient backwards.</summary>
public static class SelectCount
{
    const int IndexBytes = 8;

    /// <summary>Some of the rows, such as those with a label; backwards zeros everywhere, then their gradients.</summary>
    public static LayerCount Rows(string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, bool dataGradient)
    {
        var (all, taken, rows) = (Shapes.Elements(input), Shapes.Elements(output), output[0]);
        return LayerCount.Of(layer, "rows", output, Fp32.Bytes * taken + IndexBytes * rows,
            new Work(0, 0, Fp32.Bytes * 2 * taken + IndexBytes * rows, 1),
            dataGradient ? new Work(0, taken, Fp32.Bytes * (all + 3 * taken) + IndexBytes * rows, 2) : default);
    }

    public static LayerCount Of(string layer, IReadOnlyList<long> input, bool dataGradient)
    {
        IReadOnlyList<long> output = [input[0], input[^1]];
        return LayerCount.Of(layer, "select", output) with
        {
            DataGradient = dataGradient ? Work.Pass(0, Shapes.Elements(input) + Shapes.Elements(output)) : default,
        };
    }
}

public static class PoolingCount
{
    const int IndexBytes = 8;

    /// <summary>The mean of each channel; backwards each element gets its share of the channel's gradient.</summary>
    public static LayerCount GlobalAverage(string layer, IReadOnlyList<long> input, bool dataGradient)
    {
        var x = Shapes.Elements(input);
        IReadOnlyList<long> output = [input[0], input[1]];
        var y = Shapes.Elements(output);
        return LayerCount.Of(layer, "global average pool", output, Fp32.Bytes * y, Work.Pass(x, x + y), dataGradient ? Work.Pass(x, y + x) : default);
    }

    public static LayerCount Average(
        string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, IReadOnlyList<long> kernel, bool dataGradient)
    {
        var x = Shapes.Elements(input);
        var y = Shapes.Elements(output);
        var additions = y * kernel[0] * kernel[^1];
        return LayerCount.Of(layer, "average pool", output, Fp32.Bytes * y,
            Work.Pass(additions, x + y),
            dataGradient ? Work.Pass(additions, y + x) : default);
    }

    /// <summary>The position of each maximum is kept for the backward pass.</summary>
    public static LayerCount Max(
        string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, IReadOnlyList<long> kernel, bool dataGradient)
    {
        var x = Shapes.Elements(input);
        var y = Shapes.Elements(output);
        var indices = IndexBytes * y;
        return LayerCount.Of(layer, "max pool", output, Fp32.Bytes * y + indices,
            new Work(0, y * kernel[0] * kernel[^1], Fp32.Bytes * (x + y) + indices, 1),
            dataGradient ? new Work(0, y, Fp32.Bytes * (y + x) + indices, 1) : default);
    }
}

/// <summary>A larger image from a smaller one; each result reads one element, or four with their weights.</summary>
public static class UpsampleCount
{
    // Four products and three sums; backwards four products and four sums.
    const int BilinearForward = 7;
    const int BilinearBackward = 8;

    public static LayerCount Of(string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, bool isNearest, bool dataGradient)
    {
        var (x, y) = (Shapes.Elements(input), Shapes.Elements(output));
        var (forward, backward) = isNearest ? (0, 1) : (BilinearForward, BilinearBackward);
        return LayerCount.Of(layer, isNearest ? "nearest upsampling" : "bilinear upsampling", output, Fp32.Bytes * y,
            Work.Pass(forward * y, x + y),
            dataGradient ? Work.Pass(backward * y, x + y) : default);
    }
}
