namespace MlPerfEdu.Roofline.Count;

public static class ConvolutionCount
{
    public static LayerCount Of(string layer, ConvolutionShape shape, bool bias, bool dataGradient)
    {
        shape.Check();
        var flops = 2 * shape.Macs;
        var x = Shapes.Elements(shape.Input);
        var w = Shapes.Elements(shape.Weight);
        var y = Shapes.Elements(shape.Output);
        var b = bias ? shape.OutChannels : 0;
        var gradients = dataGradient ? 2 : 1;
        return new LayerCount
        {
            Layer = layer,
            Kind = Kind(shape),
            Output = shape.Output,
            Parameters = w + b,
            ForwardMacs = shape.Macs,
            Forward = new Work(flops, bias ? y : 0, Fp32.Bytes * (x + w + b + y), 1),
            DataGradient = dataGradient ? new Work(flops, 0, Fp32.Bytes * (y + w + x), 0) : default,
            // libtorch computes both gradients, and the bias's, in one call; they are two passes over memory.
            WeightGradient = new Work(flops, bias ? y : 0, Fp32.Bytes * (x + y + w + b), 1),
            UniqueBytes = Fp32.Bytes * (2 * (w + b) + y),
            Operators =
            [
                new OperatorCount(OperatorKey.Convolution(shape.Input, shape.Weight), 1, flops),
                new OperatorCount(OperatorKey.ConvolutionBackward(shape.Output, shape.Input, shape.Weight), 1, gradients * flops),
            ],
        };
    }

    static string Kind(ConvolutionShape shape) => shape.Groups switch
    {
        1 when shape.Kernel == new Extent(1, 1) => "pointwise conv",
        1 => "conv",
        _ when shape.Groups == shape.InChannels => "depthwise conv",
        _ => "grouped conv",
    };
}
