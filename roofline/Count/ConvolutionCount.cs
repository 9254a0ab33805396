namespace MlPerfEdu.Roofline.Count;

public static class ConvolutionCount
{
    public static LayerCount Of(string layer, IConvolution shape, bool bias, Gradients gradients)
    {
        shape.Check();
        var flops = 2 * shape.Macs;
        var x = Shapes.Elements(shape.Input);
        var w = Shapes.Elements(shape.Weight);
        var y = Shapes.Elements(shape.Output);
        var b = bias ? shape.OutChannels : 0;
        // libtorch computes both gradients, and the bias's, in one call; they are two passes over memory.
        return new LayerCount
        {
            Layer = layer,
            Kind = shape.Kind,
            Output = shape.Output,
            Parameters = w + b,
            ForwardMacs = shape.Macs,
            Forward = new Work(flops, bias ? y : 0, Fp32.Bytes * (x + w + b + y), 1),
            DataGradient = gradients.Data ? new Work(flops, 0, Fp32.Bytes * (y + w + x), gradients.Weights ? 0 : 1) : default,
            WeightGradient = gradients.Weights ? new Work(flops, bias ? y : 0, Fp32.Bytes * (x + y + w + b), 1) : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * (w + b) + y),
            Operators =
            [
                new OperatorCount(OperatorKey.Convolution(shape.Input, shape.Weight), 1, flops),
                .. Backward(shape, gradients.Count, flops),
            ],
        };
    }

    static OperatorCount[] Backward(IConvolution shape, int gradients, long flops) => gradients == 0
        ? []
        : [new OperatorCount(OperatorKey.ConvolutionBackward(shape.Output, shape.Input, shape.Weight), 1, gradients * flops)];
}
