namespace MlPerfEdu.Numerics;

/// <summary>3×3 convolutions of every channel by itself, on maps of bytes in which 0 stands for 0.</summary>
sealed unsafe class Int8Depthwise
{
    const int Side = 3, Taps = Side * Side;

    readonly AlignedBuffer<int> weights;
    readonly Epilogue epilogue;
    readonly int stride;

    /// <param name="weights">[channels, 3, 3]</param>
    public Int8Depthwise(ReadOnlySpan<sbyte> weights, int channels, int stride, Requantisation requantisation)
    {
        Guard.Length(weights.Length, channels * Taps, "weights");
        Guard.Range(channels % Int8.Lanes == 0, "channels", channels, $"a multiple of {Int8.Lanes}");
        this.stride = stride;
        // [3, 3, channels]
        this.weights = new(channels * Taps);
        for (var i = 0; i < weights.Length; i++) this.weights[i % Taps * channels + i / Taps] = weights[i];
        epilogue = new(requantisation, channels);
    }

    public long Bytes => (long)weights.Length * sizeof(int);

    /// <summary>Some rows of results.</summary>
    /// <param name="x">The first byte of a map with a border of zeros.</param>
    /// <param name="y">The first byte of the results.</param>
    public void Rows(byte* x, ByteMap from, byte* y, ByteMap to, (int From, int To) rows)
    {
        for (var row = rows.From; row < rows.To; row++)
            Row(x + from.Offset(row * stride - 1, -1), from.Pitch, y + to.Offset(row, 0), to.Width, from.Channels);
    }

    [MethodImpl(Simd.Loop)]
    void Row(byte* upper, nint pitch, byte* y, int width, nint channels)
    {
        var step = stride * channels;
        for (nint c = 0; c < channels; c += Int8.Lanes)
        {
            var w = (int*)Unsafe.AsPointer(ref weights[0]) + c;
            Vector256<int> w00 = Vector256.Load(w), w01 = Vector256.Load(w + channels), w02 = Vector256.Load(w + 2 * channels);
            Vector256<int> w10 = Vector256.Load(w + 3 * channels), w11 = Vector256.Load(w + 4 * channels), w12 = Vector256.Load(w + 5 * channels);
            Vector256<int> w20 = Vector256.Load(w + 6 * channels), w21 = Vector256.Load(w + 7 * channels), w22 = Vector256.Load(w + 8 * channels);
            byte* x0 = upper + c, x1 = x0 + pitch, x2 = x1 + pitch, to = y + c;
            for (var column = 0; column < width; column++, x0 += step, x1 += step, x2 += step, to += channels)
            {
                var s0 = Int8.Multiply(Int8.Widen(x0), w00) + Int8.Multiply(Int8.Widen(x0 + channels), w01) + Int8.Multiply(Int8.Widen(x0 + 2 * channels), w02);
                var s1 = Int8.Multiply(Int8.Widen(x1), w10) + Int8.Multiply(Int8.Widen(x1 + channels), w11) + Int8.Multiply(Int8.Widen(x1 + 2 * channels), w12);
                var s2 = Int8.Multiply(Int8.Widen(x2), w20) + Int8.Multiply(Int8.Widen(x2 + channels), w21) + Int8.Multiply(Int8.Widen(x2 + 2 * channels), w22);
                epilogue.Finish(s0 + s1 + s2, c, to, null);
            }
        }
    }
}
