namespace MlPerfEdu.Roofline.Count;

/// <summary>A convolution over images of batch × channels × height × width, or over sequences of batch × channels × length.</summary>
public sealed record ConvolutionShape(
    long Batch, long InChannels, long Height, long Width, long OutChannels, Extent Kernel, Extent Stride, Extent Padding, int Groups)
    : IConvolution
{
    /// <summary>A sequence: an image of height 1 whose height no shape mentions.</summary>
    public bool OneDimensional { get; init; }

    public long OutHeight => Shapes.Positions(Height, Kernel.Height, Stride.Height, Padding.Height);

    public long OutWidth => Shapes.Positions(Width, Kernel.Width, Stride.Width, Padding.Width);

    public IReadOnlyList<long> Input => Spatial(Batch, InChannels, Height, Width);

    public IReadOnlyList<long> Weight => Spatial(OutChannels, InChannels / Groups, Kernel.Height, Kernel.Width);

    public IReadOnlyList<long> Output => Spatial(Batch, OutChannels, OutHeight, OutWidth);

    /// <summary>Multiplications with padding are counted: the operator performs them.</summary>
    public long Macs => Shapes.Elements(Output) * (InChannels / Groups) * Kernel.Height * Kernel.Width;

    public string Kind => Groups switch
    {
        _ when OneDimensional => Groups == 1 ? "conv1d" : "grouped conv1d",
        1 when Kernel == new Extent(1, 1) => "pointwise conv",
        1 => "conv",
        _ when Groups == InChannels => "depthwise conv",
        _ => "grouped conv",
    };

    public void Check()
    {
        ConvolutionChecks.Groups(Groups, InChannels, OutChannels);
        if (OutHeight < 1 || OutWidth < 1)
        {
            throw new ArgumentException(
                $"A {Kernel.Height}x{Kernel.Width} kernel does not fit an input of {Height}x{Width}; pad more or use a smaller kernel.");
        }
    }

    long[] Spatial(long first, long second, long height, long width) =>
        OneDimensional ? [first, second, width] : [first, second, height, width];
}
