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
    /// <summary>Of one channel, with a kernel of any size: the first of a network.</summary>
    Stem,

    /// <summary>3×3, every channel by itself.</summary>
    Depthwise,

    /// <summary>1×1, across channels.</summary>
    Pointwise,
}

/// <summary>A convolution without bias.</summary>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="Top">Rows of zeros above the input.</param>
/// <param name="Left">Columns of zeros before the input.</param>
public sealed record ConvolutionSize(
    ConvolutionKind Kind, MapSize From, MapSize To, int KernelHeight, int KernelWidth, int Stride, int Top, int Left)
{
    /// <summary>Places of a map that are computed together.</summary>
    public const int Block = 48;

    /// <summary>Weights of each output channel.</summary>
    public int Taps => Kind == ConvolutionKind.Pointwise ? From.Channels : KernelHeight * KernelWidth;

    /// <summary>Rows of the matrix of weights, [rows, outputs]: the taps, filled up.</summary>
    public int WeightRows => Kind == ConvolutionKind.Stem ? (Taps + 3) / 4 * 4 : Taps;

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
/// <param name="x">What the convolution before left, not yet normalised; of a stem, the pictures.</param>
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
/// <param name="forward">As in the forward pass, but with the statistics of nothing.</param>
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

/// <summary><see cref="NormedConvolution{T}"/> at the widest vectors that fit processor and channels.</summary>
public static unsafe class NormedConvolution
{
    /// <summary>Channels are a multiple of it.</summary>
    public static int Lanes => Wide256.Lanes;

    /// <param name="scratch"><see cref="ConvolutionSize.Scratch"/> numbers.</param>
    public static void Forward(ConvolutionSize size, in ForwardPart part, int from, int to, float* scratch)
    {
        if (Simd.Is512 && size.Fits(Wide512.Lanes)) NormedConvolution<Wide512>.Forward(size, part, from, to, scratch);
        else NormedConvolution<Wide256>.Forward(size, part, from, to, scratch);
    }

    /// <param name="scratch"><see cref="ConvolutionSize.Scratch"/> numbers.</param>
    public static void Backward(ConvolutionSize size, in BackwardPart part, int from, int to, float* scratch)
    {
        if (Simd.Is512 && size.Fits(Wide512.Lanes)) NormedConvolution<Wide512>.Backward(size, part, from, to, scratch);
        else NormedConvolution<Wide256>.Backward(size, part, from, to, scratch);
    }

    /// <summary>How many places of a map have a positive activation, and their Σ(y − mean): all that the mean activation, and its gradient, need.</summary>
    /// <param name="y">[places, C], not yet normalised.</param>
    public static void Positive(float* y, NormVectors norm, GradientVectors sums, int places, int channels)
    {
        for (var place = 0; place < places; place += ConvolutionSize.Block, y += (nint)ConvolutionSize.Block * channels)
        {
            var count = Math.Min(ConvolutionSize.Block, places - place);
            if (Simd.Is512 && channels % Wide512.Lanes == 0) ChannelNorm<Wide512>.Positive(y, norm, sums, count, channels);
            else ChannelNorm<Wide256>.Positive(y, norm, sums, count, channels);
        }
    }
}

/// <summary>
/// Convolutions between batch norms. A convolution leaves its raw results and their sums per channel; normalisation and ReLU happen where the next
/// one reads them. So a map is written once and read once in the forward pass, and its normalised form is computed again in the backward pass.
/// </summary>
static unsafe class NormedConvolution<T>
    where T : struct, IWide<T>
{
    public static void Forward(ConvolutionSize size, in ForwardPart part, int from, int to, float* scratch)
    {
        var first = true;
        new Span<float>(scratch, size.Scratch).Clear();
        for (var map = from; map < to; map++)
        {
            if (size.Kind == ConvolutionKind.Depthwise) ForwardRows(size, part, map, scratch, ref first);
            else ForwardBlocks(size, part, map, scratch, ref first);
        }
    }

    public static void Backward(ConvolutionSize size, in BackwardPart part, int from, int to, float* scratch)
    {
        new Span<float>(scratch, size.Scratch).Clear();
        for (var map = from; map < to; map++)
        {
            if (size.Kind == ConvolutionKind.Depthwise) BackwardRows(size, part, map, scratch);
            else BackwardBlocks(size, part, map, scratch);
        }
    }

    // Places times inputs, times inputs times outputs; of a stem, what its kernel covers are the inputs.
    static void ForwardBlocks(ConvolutionSize size, in ForwardPart part, int map, float* scratch, ref bool first)
    {
        var (inner, channels) = (size.WeightRows, size.To.Channels);
        float* inputs = scratch, results = inputs + ConvolutionSize.Block * inner;
        for (var place = 0; place < size.To.Places; place += ConvolutionSize.Block)
        {
            var places = Math.Min(ConvolutionSize.Block, size.To.Places - place);
            ReadInputs(size, part, map, place, places, inputs);
            Tiles<T>.Multiply(new(inputs, inner), part.Weights, results, Filled(places), channels, inner, adds: false);
            Leave(part, results, part.Y + map * size.To.Numbers + (nint)place * channels, places, channels, ref first);
        }
    }

    static void ForwardRows(ConvolutionSize size, in ForwardPart part, int map, float* scratch, ref bool first)
    {
        var (channels, read) = (size.To.Channels, 0);
        var x = part.X + map * size.From.Numbers;
        var rows = new PaddedRows(scratch, size.From.Width, channels);
        float* results = rows.End, y = part.Y + map * size.To.Numbers;
        for (var row = 0; row < size.To.Height; row++, y += size.To.Width * channels)
        {
            for (var last = row * size.Stride + 1; read <= last && read < size.From.Height; read++, x += size.From.Width * channels)
                ChannelNorm<T>.Activate(x, part.Norm, rows.Inner(read), size.From.Width, channels);
            var top = row * size.Stride - 1;
            Depthwise<T>.Row(rows.OrZeros(top, size.From.Height), rows.OrZeros(top + 1, size.From.Height), rows.OrZeros(top + 2, size.From.Height),
                part.Weights, results, size.To.Width, channels, size.Stride);
            Leave(part, results, y, size.To.Width, channels, ref first);
        }
    }

    // The first row of a part is the pivot of its statistics.
    static void Leave(in ForwardPart part, float* results, float* y, int rows, int channels, ref bool first)
    {
        if (part.Statistics is not null)
        {
            var sums = new StatisticsVectors(part.Statistics, channels);
            if (first) Copy(results, sums.Pivot, channels);
            ChannelNorm<T>.Statistics(results, sums, rows, channels);
            first = false;
        }
        Copy(results, y, rows * channels);
    }

    // A map's gradients are replaced in place, so what is still to be read must not be overwritten: the side with more numbers decides.
    static void BackwardBlocks(ConvolutionSize size, in BackwardPart part, int map, float* scratch)
    {
        var (inner, channels, places) = (size.WeightRows, size.To.Channels, size.To.Places);
        float* inputs = scratch, gradients = inputs + ConvolutionSize.Block * inner, g = gradients + ConvolutionSize.Block * channels;
        var y = part.Forward.Y + map * size.To.Numbers;
        var blocks = (places + ConvolutionSize.Block - 1) / ConvolutionSize.Block;
        for (var i = 0; i < blocks; i++)
        {
            var place = (inner >= channels ? blocks - 1 - i : i) * ConvolutionSize.Block;
            var count = Math.Min(ConvolutionSize.Block, places - place);
            ReadGradients(part, map, y + (nint)place * channels, place, gradients, count, channels);
            ReadInputs(size, part.Forward, map, place, count, inputs);
            Tiles<T>.Multiply(new(inputs, 1, inner), gradients, part.OfWeights, inner, channels, count, adds: true);
            if (size.Kind == ConvolutionKind.Stem) continue;

            Tiles<T>.Multiply(new(gradients, channels), part.Transposed, g, Filled(count), inner, channels, adds: false);
            var x = part.Forward.X + map * size.From.Numbers + (nint)place * inner;
            ChannelNorm<T>.Mask(g, inputs, x, part.Forward.Norm, new(part.Sums, inner), count, inner);
            Copy(g, part.G + map * part.Room + (nint)place * inner, count * inner);
        }
    }

    // From the last row to the first, for the same reason: a map of inputs has at least as many numbers as one of results.
    static void BackwardRows(ConvolutionSize size, in BackwardPart part, int map, float* scratch)
    {
        var (channels, width, unread) = (size.To.Channels, size.From.Width, size.To.Height - 1);
        var rows = new PaddedRows(scratch, size.To.Width, channels);
        float* g = scratch + 4 * (width + 2) * channels, inputs = g + width * channels;
        var y = part.Forward.Y + map * size.To.Numbers;
        for (var row = size.From.Height - 1; row >= 0; row--)
        {
            var x = part.Forward.X + map * size.From.Numbers + (nint)row * width * channels;
            ChannelNorm<T>.Activate(x, part.Forward.Norm, inputs, width, channels);
            for (; unread >= 0 && unread * size.Stride >= row - 1; unread--)
            {
                var place = unread * size.To.Width;
                ReadGradients(part, map, y + (nint)place * channels, place, rows.Inner(unread), size.To.Width, channels);
            }

            var adds = false;
            for (var tap = 0; tap < Depthwise<T>.Side; tap++)
            {
                var (result, rest) = Math.DivRem(row + 1 - tap, size.Stride);
                if (rest != 0 || row + 1 < tap || result >= size.To.Height) continue;
                var weights = tap * Depthwise<T>.Side * channels;
                Depthwise<T>.RowGradient(rows.Outer(result), inputs, part.Forward.Weights + weights, g, part.OfWeights + weights,
                    width, channels, size.Stride, adds);
                adds = true;
            }
            ChannelNorm<T>.Mask(g, inputs, x, part.Forward.Norm, new(part.Sums, channels), width, channels);
            Copy(g, part.G + map * part.Room + (nint)row * width * channels, width * channels);
        }
    }

    static void ReadGradients(in BackwardPart part, int map, float* y, int place, float* to, int count, int channels)
    {
        if (part.OfMean is not null)
            ChannelNorm<T>.GradientOfMean(part.OfMean + (nint)map * channels, y, part.Norm, to, count, channels);
        else
            ChannelNorm<T>.Gradient(part.G + map * part.Room + (nint)place * channels, y, part.Norm, to, count, channels);
    }

    static void ReadInputs(ConvolutionSize size, in ForwardPart part, int map, int place, int places, float* to)
    {
        var x = part.X + map * size.From.Numbers;
        if (size.Kind == ConvolutionKind.Stem) ReadPatches(size, x, place, places, to);
        else ChannelNorm<T>.Activate(x + (nint)place * size.From.Channels, part.Norm, to, places, size.From.Channels);
    }

    // What the kernel covers around each place, [places, rows of weights].
    static void ReadPatches(ConvolutionSize size, float* x, int place, int places, float* to)
    {
        var (down, along) = Math.DivRem(place, size.To.Width);
        for (var i = 0; i < places; i++, to += size.WeightRows)
        {
            var (row, column) = (down * size.Stride - size.Top, along * size.Stride - size.Left);
            for (var tapRow = 0; tapRow < size.KernelHeight; tapRow++, row++)
            {
                float* from = x + row * size.From.Width + column, target = to + tapRow * size.KernelWidth;
                var isRow = (uint)row < (uint)size.From.Height;
                for (var tap = 0; tap < size.KernelWidth; tap++)
                    target[tap] = isRow && (uint)(column + tap) < (uint)size.From.Width ? from[tap] : 0;
            }
            if (++along == size.To.Width) (down, along) = (down + 1, 0);
        }
    }

    [MethodImpl(Simd.Inline)]
    static int Filled(int rows) => (rows + Tiles<T>.Rows - 1) / Tiles<T>.Rows * Tiles<T>.Rows;

    [MethodImpl(Simd.Inline)]
    static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));

    /// <summary>Three rows of a map, each between two columns of zeros, and a row of zeros.</summary>
    readonly struct PaddedRows(float* first, int width, int channels)
    {
        readonly float* first = first;
        readonly int size = (width + 2) * channels, channels = channels;

        /// <summary>Behind all rows.</summary>
        public float* End => first + 4 * size;

        /// <summary>From the column of zeros on.</summary>
        public float* Outer(int row) => first + row % 3 * size;

        public float* Inner(int row) => Outer(row) + channels;

        public float* OrZeros(int row, int height) => (uint)row < (uint)height ? Outer(row) : first + 3 * size;
    }
}
