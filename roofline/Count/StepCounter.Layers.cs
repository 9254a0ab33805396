namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    public StepCounter Linear(string layer, long outputs, bool bias = true)
    {
        var rows = Shapes.Elements(shape[..^1]);
        var leading = shape[..^1];
        var count = LinearCount.Of(layer, rows, shape[^1], outputs, bias, dataGradient) with { Output = [.. leading, outputs] };
        return Append(count, bias ? 2 : 1);
    }

    public StepCounter Conv2d(
        string layer, long outChannels, Extent kernel, Extent? stride = null, Extent? padding = null, int groups = 1, bool bias = true)
    {
        Expect(4, layer);
        var convolution = new ConvolutionShape(
            shape[0], shape[1], shape[2], shape[3], outChannels, kernel, stride ?? 1, padding ?? 0, groups);
        return Append(ConvolutionCount.Of(layer, convolution, bias, dataGradient), bias ? 2 : 1);
    }

    public StepCounter BatchNorm(string layer) => Append(BatchNormCount.Of(layer, shape), 2);

    public StepCounter Relu(string layer, bool inPlace = false) => Elementwise(layer, "relu", 1, 1, inPlace);

    /// <param name="forwardFlops">Operations per element of the function.</param>
    /// <param name="backwardFlops">Operations per element of its gradient.</param>
    public StepCounter Elementwise(string layer, string kind, int forwardFlops, int backwardFlops, bool inPlace = false) =>
        Append(ElementwiseCount.Of(layer, kind, shape, forwardFlops, backwardFlops, inPlace, dataGradient));

    public StepCounter GlobalAveragePool(string layer)
    {
        Expect(4, layer);
        return Append(PoolingCount.GlobalAverage(layer, shape, dataGradient));
    }

    public StepCounter AveragePool(string layer, Extent kernel, Extent? stride = null, Extent? padding = null)
    {
        Expect(4, layer);
        return Append(PoolingCount.Average(layer, shape, kernel, stride ?? kernel, padding ?? 0, dataGradient));
    }

    public StepCounter MaxPool(string layer, Extent kernel, Extent? stride = null, Extent? padding = null)
    {
        Expect(4, layer);
        return Append(PoolingCount.Max(layer, shape, kernel, stride ?? kernel, padding ?? 0, dataGradient));
    }

    /// <summary>A view: everything after the batch becomes one dimension, nothing moves.</summary>
    public StepCounter Flatten()
    {
        shape = [shape[0], Shapes.Elements(shape[1..])];
        return this;
    }

    /// <summary>Body and shortcut see the same input; their results are added. Without a shortcut the input itself is.</summary>
    public StepCounter Residual(string layer, Action<StepCounter> body, Action<StepCounter>? shortcut = null)
    {
        var (fork, forkGradient) = (shape, dataGradient);
        body(this);
        var result = shape;
        (shape, var bodyGradient) = (fork, dataGradient);
        dataGradient = forkGradient;
        shortcut?.Invoke(this);
        if (!shape.SequenceEqual(result))
        {
            throw new InvalidOperationException(
                $"Residual '{layer}' adds shapes {string.Join('x', result)} and {string.Join('x', shape)}; both branches must end in the same shape.");
        }

        dataGradient |= bodyGradient;
        return Append(ElementwiseCount.Add(layer, result, Shapes.Elements(fork), forkGradient));
    }
}
