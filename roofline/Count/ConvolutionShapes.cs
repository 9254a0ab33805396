namespace MlPerfEdu.Roofline.Count;

/// <summary>What a convolution has read and made: over images of batch × channels × height × width, or over sequences of batch × channels × length.</summary>
/// <param name="Weight">Output channels first; of a transposed convolution, input channels first.</param>
/// <param name="Transposed">The data gradient of a convolution, used forwards: every input element spreads a kernel over the output.</param>
public sealed record ConvolutionShapes(
    IReadOnlyList<long> Input, IReadOnlyList<long> Weight, IReadOnlyList<long> Output, bool Transposed = false) : IConvolution
{
    public long OutChannels => Output[1];

    /// <summary>
    /// Multiplications with padding are counted: the operator performs them. A transposed one works by the input's positions, not by the
    /// output's, which are more.
    /// </summary>
    public long Macs => Shapes.Elements(Transposed ? Input : Output) * Shapes.Elements(Weight.Skip(1));

    public string Kind => (Transposed, Input.Count, Groups) switch
    {
        (true, _, _) => "transposed conv",
        (_, 3, 1) => "conv1d",
        (_, 3, _) => "grouped conv1d",
        (_, _, 1) when Weight.Skip(2).All(size => size == 1) => "pointwise conv",
        (_, _, 1) => "conv",
        _ when Groups == Input[1] => "depthwise conv",
        _ => "grouped conv",
    };

    long Groups => Input[1] / Weight[1];

    public void Check()
    {
    }
}
