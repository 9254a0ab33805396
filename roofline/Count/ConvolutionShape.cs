namespace MlPerfEdu.Roofline.Count;

/// <summary>An image convolution over inputs of batch × channels × height × width.</summary>
public sealed record ConvolutionShape(
    long Batch, long InChannels, long Height, long Width, long OutChannels, Extent Kernel, Extent Stride, Extent Padding, int Groups)
{
    public long OutHeight => Shapes.Positions(Height, Kernel.Height, Stride.Height, Padding.Height);

    public long OutWidth => Shapes.Positions(Width, Kernel.Width, Stride.Width, Padding.Width);

    public IReadOnlyList<long> Input => [Batch, InChannels, Height, Width];

    public IReadOnlyList<long> Weight => [OutChannels, InChannels / Groups, Kernel.Height, Kernel.Width];

    public IReadOnlyList<long> Output => [Batch, OutChannels, OutHeight, OutWidth];

    /// <summary>Multiplications with padding are counted: the operator performs them.</summary>
    public long Macs => Shapes.Elements(Output) * (InChannels / Groups) * Kernel.Height * Kernel.Width;

    public void Check()
    {
        if (InChannels % Groups != 0 || OutChannels % Groups != 0)
        {
            throw new ArgumentException(
                $"{Groups} groups do not divide {InChannels} input and {OutChannels} output channels; use a common divisor of both.");
        }

        if (OutHeight < 1 || OutWidth < 1)
        {
            throw new ArgumentException(
                $"A {Kernel.Height}x{Kernel.Width} kernel does not fit an input of {Height}x{Width}; pad more or use a smaller kernel.");
        }
    }
}
