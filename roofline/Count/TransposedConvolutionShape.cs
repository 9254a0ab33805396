namespace MlPerfEdu.Roofline.Count;

/// <summary>The data gradient of a convolution, used forwards: every input element spreads a kernel over the result.</summary>
public sealed record TransposedConvolutionShape(
    long Batch, long InChannels, long Height, long Width, long OutChannels, Extent Kernel, Extent Stride, Extent Padding,
    Extent OutputPadding, int Groups) : IConvolution
{
    public string Kind => "transposed conv";

    public IReadOnlyList<long> Input => [Batch, InChannels, Height, Width];

    /// <summary>Input channels come first, unlike in a convolution.</summary>
    public IReadOnlyList<long> Weight => [InChannels, OutChannels / Groups, Kernel.Height, Kernel.Width];

    public IReadOnlyList<long> Output =>
    [
        Batch,
        OutChannels,
        (Height - 1) * Stride.Height - 2 * Padding.Height + Kernel.Height + OutputPadding.Height,
        (Width - 1) * Stride.Width - 2 * Padding.Width + Kernel.Width + OutputPadding.Width,
    ];

    /// <summary>By the input's positions, not by the result's, which are more; what padding cuts off is computed first.</summary>
    public long Macs => Shapes.Elements(Input) * (OutChannels / Groups) * Kernel.Height * Kernel.Width;

    public void Check()
    {
        ConvolutionChecks.Groups(Groups, InChannels, OutChannels);
        if (Output[2] < 1 || Output[3] < 1)
        {
            throw new ArgumentException(
                $"Padding of {Padding.Height}x{Padding.Width} leaves a result of {Output[2]}x{Output[3]}; "
                + "pad less or use a larger kernel.");
        }
    }
}
