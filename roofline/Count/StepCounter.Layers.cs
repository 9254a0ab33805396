namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    public StepCounter Linear(string layer, long outputs, bool bias = true)
    {
        var leading = shape[..^1];
        var count = LinearCount.Of(layer, Shapes.Elements(leading), shape[^1], outputs, bias, Gradients);
        return AppendWithParameters(count with { Output = [.. leading, outputs] }, bias ? 2 : 1);
    }

    /// <summary>A classifier whose weights are those of the embedding.</summary>
    public StepCounter TiedLinear(string layer, long outputs)
    {
        var leading = shape[..^1];
        var count = LinearCount.Tied(layer, Shapes.Elements(leading), shape[^1], outputs, Gradients);
        return AppendWithParameters(count with { Output = [.. leading, outputs] }, 0);
    }

    public StepCounter Conv2d(
        string layer, long outChannels, Extent kernel, Extent? stride = null, Extent? padding = null, int groups = 1, bool bias = true)
    {
        Expect(4, layer);
        var convolution = new ConvolutionShape(
            shape[0], shape[1], shape[2], shape[3], outChannels, kernel, stride ?? 1, padding ?? 0, groups);
        return Convolution(layer, convolution, bias);
    }

    public StepCounter Conv1d(string layer, long outChannels, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = true)
    {
        Expect(3, layer);
        var sequence = new ConvolutionShape(shape[0], shape[1], 1, shape[2], outChannels, (1, kernel), (1, stride), (0, padding), groups)
        {
            OneDimensional = true,
        };
        return Convolution(layer, sequence, bias);
    }

    public StepCounter ConvTranspose2d(
        string layer, long outChannels, Extent kernel, Extent? stride = null, Extent? padding = null, Extent? outputPadding = null,
        int groups = 1, bool bias = true)
    {
        Expect(4, layer);
        var convolution = new TransposedConvolutionShape(
            shape[0], shape[1], shape[2], shape[3], outChannels, kernel, stride ?? 1, padding ?? 0, outputPadding ?? 0, groups);
        return Convolution(layer, convolution, bias);
    }

    public StepCounter BatchNorm(string layer) =>
        AppendWithParameters(training ? BatchNormCount.Of(layer, shape, Gradients) : BatchNormCount.Inference(layer, shape), 2);

    public StepCounter LayerNorm(string layer) => AppendWithParameters(NormCount.Layer(layer, shape, Gradients), 2);

    public StepCounter RmsNorm(string layer) => AppendWithParameters(NormCount.RootMeanSquare(layer, shape, Gradients), 1);

    public StepCounter GroupNorm(string layer, int groups) => AppendWithParameters(NormCount.Group(layer, shape, groups, Gradients), 2);

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

    public StepCounter Upsample(string layer, int factor, Interpolation interpolation = Interpolation.Nearest)
    {
        Expect(4, layer);
        return Append(UpsampleCount.Of(layer, shape, factor, interpolation, dataGradient));
    }

    /// <summary>A view: everything after the batch becomes one dimension, nothing moves.</summary>
    public StepCounter Flatten()
    {
        shape = [shape[0], Shapes.Elements(shape[1..])];
        return this;
    }

    /// <summary>From batch × positions × width the first position, the last, or any other one.</summary>
    public StepCounter OnePosition(string layer)
    {
        Expect(3, layer);
        return Append(SelectCount.Of(layer, shape, dataGradient));
    }

    StepCounter Convolution(string layer, IConvolution convolution, bool bias) =>
        AppendWithParameters(ConvolutionCount.Of(layer, convolution, bias, Gradients), bias ? 2 : 1);
}
