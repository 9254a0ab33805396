namespace MlPerfEdu.Numerics;

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

    /// <summary>What the mean activation of a map, and its gradient, need of its places.</summary>
    /// <param name="y">[places, C], not yet normalised.</param>
    public static void Active(float* y, NormVectors norm, ActiveVectors sums, int places, int channels)
    {
        for (var place = 0; place < places; place += ConvolutionSize.Block, y += (nint)ConvolutionSize.Block * channels)
        {
            var count = Math.Min(ConvolutionSize.Block, places - place);
            if (Simd.Is512 && channels % Wide512.Lanes == 0) ChannelNorm<Wide512>.Active(y, norm, sums, count, channels);
            else ChannelNorm<Wide256>.Active(y, norm, sums, count, channels);
        }
    }

    /// <summary>What a block leaves, normalised, and what it began with where that is added.</summary>
    /// <param name="y">[places, C], as are <paramref name="before"/> and <paramref name="joint"/>.</param>
    /// <param name="before">The joint before; null where it is not added.</param>
    public static void Join(float* y, NormVectors norm, float* before, float* joint, int places, int channels)
    {
        if (Simd.Is512 && channels % Wide512.Lanes == 0) ChannelNorm<Wide512>.Join(y, norm, before, joint, places, channels);
        else ChannelNorm<Wide256>.Join(y, norm, before, joint, places, channels);
    }

    /// <summary><see cref="ChannelNorm{T}.OfJoint"/></summary>
    public static void OfJoint(float* g, float* around, bool adds, float* y, NormVectors norm, GradientVectors sums, int places, int channels)
    {
        if (Simd.Is512 && channels % Wide512.Lanes == 0) ChannelNorm<Wide512>.OfJoint(g, around, adds, y, norm, sums, places, channels);
        else ChannelNorm<Wide256>.OfJoint(g, around, adds, y, norm, sums, places, channels);
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
        for (var map = from; map < to; map += size.MapsTogether)
        {
            if (size.Kind == ConvolutionKind.Depthwise) ForwardRows(size, part, map, scratch, ref first);
            else ForwardBlocks(size, part, map, Math.Min(size.MapsTogether, to - map), scratch, ref first);
        }
    }

    public static void Backward(ConvolutionSize size, in BackwardPart part, int from, int to, float* scratch)
    {
        new Span<float>(scratch, size.Scratch).Clear();
        for (var map = from; map < to; map += size.MapsTogether)
        {
            if (size.Kind == ConvolutionKind.Depthwise) BackwardRows(size, part, map, scratch);
            else if (size.MapsTogether > 1) BackwardMaps(size, part, map, Math.Min(size.MapsTogether, to - map), scratch);
            else BackwardBlocks(size, part, map, scratch);
        }
    }

    // Places times inputs, times inputs times outputs; of a stem, what its kernel covers are the inputs.
    static void ForwardBlocks(ConvolutionSize size, in ForwardPart part, int map, int maps, float* scratch, ref bool first)
    {
        var (inner, channels, all) = (size.WeightRows, size.To.Channels, maps * size.To.Places);
        float* inputs = scratch, results = inputs + ConvolutionSize.Block * inner;
        for (var place = 0; place < all; place += ConvolutionSize.Block)
        {
            var places = Math.Min(ConvolutionSize.Block, all - place);
            ReadInputs(size, part, map, place, places, inputs);
            var y = part.Y + map * size.To.Numbers + (nint)place * channels;
            Ahead ahead = new(size.Kind == ConvolutionKind.Stem ? null : part.X + map * size.From.Numbers + (nint)(place + places) * inner,
                (nint)places * inner, y + (nint)places * channels, null, (nint)places * channels, Tiles<T>.Steps(Filled(places), channels));
            Tiles<T>.Multiply(new(inputs, inner), new(part.Weights, channels), new(results, channels), Filled(places), channels, inner, adds: false, ref ahead);
            Leave(part, results, y, places, channels, ref first);
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
            Ahead ahead = new(x, (nint)size.Stride * size.From.Width * channels, y + size.To.Width * channels, null,
                (nint)size.To.Width * channels, Depthwise<T>.Steps(size.To.Width));
            Depthwise<T>.Row(rows.OrZeros(top, size.From.Height), rows.OrZeros(top + 1, size.From.Height), rows.OrZeros(top + 2, size.From.Height),
                part.Weights, results, size.To.Width, channels, size.Stride, ref ahead);
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
        float* y = part.Forward.Y + map * size.To.Numbers, x = part.Forward.X + map * size.From.Numbers, arriving = part.G + map * part.Room;
        var blocks = (places + ConvolutionSize.Block - 1) / ConvolutionSize.Block;
        var next = inner >= channels ? -ConvolutionSize.Block : ConvolutionSize.Block;
        for (var i = 0; i < blocks; i++)
        {
            var place = (next < 0 ? blocks - 1 - i : i) * ConvolutionSize.Block;
            var count = Math.Min(ConvolutionSize.Block, places - place);
            ReadGradients(part, map, y + (nint)place * channels, place, gradients, count, channels);
            ReadInputs(size, part.Forward, map, place, count, inputs);
            var steps = Tiles<T>.Steps(inner, channels) + Tiles<T>.Steps(Filled(count), inner);
            Ahead ahead = new(size.Kind == ConvolutionKind.Stem ? null : x + (nint)(place + next) * inner, (nint)count * inner,
                y + (nint)(place + next) * channels, part.OfMean is null ? arriving + (nint)(place + next) * channels : null,
                (nint)count * channels, steps);
            Tiles<T>.Multiply(new(inputs, 1, inner), new(gradients, channels), new(part.OfWeights, channels), inner, channels, count, adds: true, ref ahead);
            if (size.Kind == ConvolutionKind.Stem) continue;

            Tiles<T>.Multiply(new(gradients, channels), new(part.Transposed, inner), new(g, inner), Filled(count), inner, channels, adds: false, ref ahead);
            ChannelNorm<T>.Mask(g, inputs, x + (nint)place * inner, part.Forward.Norm, new(part.Sums, inner), count, inner);
            Copy(g, arriving + (nint)place * inner, count * inner);
        }
    }

    // Small maps, of which several are one block; each has its own gradients, but inputs and results lie one after the other.
    static void BackwardMaps(ConvolutionSize size, in BackwardPart part, int map, int maps, float* scratch)
    {
        var (inner, channels, places) = (size.WeightRows, size.To.Channels, size.To.Places);
        float* inputs = scratch, gradients = inputs + ConvolutionSize.Block * inner, g = gradients + ConvolutionSize.Block * channels;
        float* y = part.Forward.Y + map * size.To.Numbers, x = part.Forward.X + map * size.From.Numbers;
        for (var i = 0; i < maps; i++)
            ReadGradients(part, map + i, y + i * size.To.Numbers, 0, gradients + i * size.To.Numbers, places, channels);
        ReadInputs(size, part.Forward, map, 0, maps * places, inputs);
        Tiles<T>.Multiply(new(inputs, 1, inner), new(gradients, channels), new(part.OfWeights, channels), inner, channels, maps * places, adds: true);
        Tiles<T>.Multiply(new(gradients, channels), new(part.Transposed, inner), new(g, inner), Filled(maps * places), inner, channels);
        ChannelNorm<T>.Mask(g, inputs, x, part.Forward.Norm, new(part.Sums, inner), maps * places, inner);
        for (var i = 0; i < maps; i++) Copy(g + i * size.From.Numbers, part.G + (map + i) * part.Room, (int)size.From.Numbers);
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

            var (above, adds) = ((nint)Math.Max(unread, 0) * size.To.Width * channels, false);
            Ahead ahead = new(x - width * channels, (nint)width * channels, y + above, part.OfMean is null ? part.G + map * part.Room + above : null,
                (nint)size.To.Width * channels, Depthwise<T>.GradientSteps(width, size.Stride));
            for (var tap = 0; tap < Depthwise<T>.Side; tap++)
            {
                var (result, rest) = Math.DivRem(row + 1 - tap, size.Stride);
                if (rest != 0 || row + 1 < tap || result >= size.To.Height) continue;
                var weights = tap * Depthwise<T>.Side * channels;
                Depthwise<T>.RowGradient(rows.Outer(result), inputs, part.Forward.Weights + weights, g, part.OfWeights + weights,
                    width, channels, size.Stride, adds, ref ahead);
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

    // What the kernel covers around each place, [places, rows of weights]. Where a row of the kernel is filled up, weights are zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ReadPatches(ConvolutionSize size, float* x, int place, int places, float* to)
    {
        var (down, along) = Math.DivRem(place, size.To.Width);
        // Numbers of a row, and of a row of the kernel: all channels of a place lie side by side.
        var (room, height, width, kernel) =
            (size.WeightRows / size.KernelHeight, size.From.Height, size.From.Width * size.From.Channels, size.KernelWidth * size.From.Channels);
        for (var i = 0; i < places; i++)
        {
            var (row, column) = (down * size.Stride - size.Top, (along * size.Stride - size.Left) * size.From.Channels);
            var isInside = column >= 0 && column <= width - room;
            for (var tapRow = 0; tapRow < size.KernelHeight; tapRow++, row++, to += room)
            {
                var from = x + row * width + column;
                if (isInside && (uint)row < (uint)height)
                {
                    for (var tap = 0; tap < room; tap += Vector128<float>.Count) Vector128.Store(Vector128.Load(from + tap), to + tap);
                    continue;
                }
                for (var tap = 0; tap < kernel; tap++)
                    to[tap] = (uint)row < (uint)height && (uint)(column + tap) < (uint)width ? from[tap] : 0;
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
