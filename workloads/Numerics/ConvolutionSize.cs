namespace MlPerfEdu.Numerics;

/// <summary>A map of features, [height, width, channels].</summary>
public sealed record MapSize(int Height, int Width, int Channels)
{
    public int Places => Height * Width;

    public nint Numbers => (nint)Places * Channels;
}

/// <summary>The kinds of convolution that <see cref="NormedConvolution{T}"/> knows.</summary>
public enum ConvolutionKind
{
    /// <summary>Of pictures, with few channels and a kernel of any size: the first of a network.</summary>
    Stem,

    /// <summary>3×3, every channel by itself.</summary>
    Depthwise,

    /// <summary>1×1, across channels.</summary>
    Pointwise,
}

/// <summary>A convolution without bias.</summary>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="Top">Rows of zeros above the input.</param>
/// <param name="Left">Columns of zeros before the input.</param>
public sealed record ConvolutionSize(
    ConvolutionKind Kind, MapSize From, MapSize To, int KernelHeight, int KernelWidth, int Stride, int Top, int Left)
{
    /// <summary>Places of a map that are computed together.</summary>
    public const int Block = 48;

    // Taps of a stem that are read at once.
    const int Four = 4;

    /// <summary>Weights of each output channel.</summary>
    public int Taps => Kind switch
    {
        ConvolutionKind.Pointwise => From.Channels,
        ConvolutionKind.Stem => From.Channels * KernelHeight * KernelWidth,
        _ => KernelHeight * KernelWidth,
    };

    /// <summary>Rows of the matrix of weights, [rows, outputs]: the taps, of a stem each row of the kernel filled up with zeros.</summary>
    public int WeightRows => Kind == ConvolutionKind.Stem ? KernelHeight * RoomOfKernelRow : Taps;

    int RoomOfKernelRow => (KernelWidth * From.Channels + Four - 1) / Four * Four;

    /// <summary>Which of these rows belongs to a tap. Of a stem, taps are [channels, rows, columns], as libtorch has them, and rows [rows, columns, channels].</summary>
    public int WeightRow(int tap)
    {
        if (Kind != ConvolutionKind.Stem) return tap;
        var (above, column) = Math.DivRem(tap, KernelWidth);
        var (channel, row) = Math.DivRem(above, KernelHeight);
        return row * RoomOfKernelRow + column * From.Channels + channel;
    }

    /// <summary>Maps that are computed together: small ones would leave a block nearly empty.</summary>
    public int MapsTogether => Kind == ConvolutionKind.Pointwise ? Math.Max(1, Block / To.Places) : 1;

    public int Weights => WeightRows * To.Channels;

    /// <summary>Multiply-adds for one map, those with zeros around it included.</summary>
    public long Macs => (long)To.Numbers * Taps;

    /// <summary>Whether channels are whole vectors.</summary>
    public bool Fits(int lanes) => To.Channels % lanes == 0 && (Kind == ConvolutionKind.Stem || From.Channels % lanes == 0);

    /// <summary>Numbers that computing a part needs besides input and output.</summary>
    public int Scratch => Kind == ConvolutionKind.Depthwise
        ? (4 * (From.Width + 2) + 2 * From.Width) * From.Channels
        : Block * (2 * WeightRows + 2 * To.Channels);
}

/// <summary>What the forward pass of one convolution reads and writes; maps lie one after the other.</summary>
/// <param name="x">What the convolution before left, not yet normalised, or a joint; of a stem, the pictures.</param>
/// <param name="norm">Of the input; of a stem, none.</param>
/// <param name="weights">[rows, outputs]</param>
/// <param name="y">Results, not yet normalised.</param>
/// <param name="statistics">Receives those of the results; null where running ones are used.</param>
public readonly unsafe struct ForwardPart(float* x, NormVectors norm, float* weights, float* y, float* statistics)
{
    public float* X => x;

    public NormVectors Norm => norm;

    public float* Weights => weights;

    public float* Y => y;

    public float* Statistics => statistics;
}

/// <summary>What the backward pass reads and writes.</summary>
/// <param name="forward">What the forward pass had; its statistics are not read.</param>
/// <param name="norm">Of the results.</param>
/// <param name="transposed">Of a pointwise convolution: its weights, [outputs, inputs].</param>
/// <param name="ofMean">Of the last convolution: the gradient of each map's mean, [maps, outputs]. Null for the others.</param>
/// <param name="g">In: the gradient of the normalised results. Out: that of the normalised inputs, in the same place.</param>
/// <param name="room">Numbers between a map's gradients and those of the next.</param>
/// <param name="ofWeights">Added up, [rows, outputs].</param>
/// <param name="sums">Added up: <see cref="GradientVectors"/> of the inputs; of a stem, none.</param>
public readonly unsafe struct BackwardPart(
    ForwardPart forward, NormVectors norm, float* transposed, float* ofMean, float* g, nint room, float* ofWeights, float* sums)
{
    public ForwardPart Forward => forward;

    public NormVectors Norm => norm;

    public float* Transposed => transposed;

    public float* OfMean => ofMean;

    public float* G => g;

    public nint Room => room;

    public float* OfWeights => ofWeights;

    public float* Sums => sums;
}
