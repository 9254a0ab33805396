using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Weights as they are stored, [outputs, inputs], and what belongs to each output.</summary>
/// <param name="numbers">In the format of their <see cref="GptWeights"/>.</param>
/// <param name="scales">That the sums are multiplied by; null for none.</param>
/// <param name="bias">Null for none.</param>
readonly unsafe struct TokenLayer(byte* numbers, float* scales, float* bias)
{
    public byte* Numbers { get; } = numbers;

    public float* Scales { get; } = scales;

    public float* Bias { get; } = bias;
}

/// <summary>
/// Rows of inputs times stored weights. Weights come from memory once, whatever the number of rows, and are widened in registers. Every number
/// is one vector's sum in the order of the inputs, so a token computed among others is bit for bit the token computed alone.
/// </summary>
static unsafe class TokenProduct<TNumbers, TVector>
    where TNumbers : struct, ITokenNumbers<TVector>
    where TVector : struct
{
    // Tiles of two outputs by four rows: eight sums hide the latency of an addition, and six loads feed eight of them.
    const int TileRows = 4, TileOutputs = 2;

    // Four rows of so many inputs stay in the nearest cache, and so many outputs' weights in the next one while row after row reads them.
    const int PieceInputs = 1024, ChunkOutputs = 32;

    const int Line = 64;

    static int PerLine => Line / TNumbers.Bytes;

    /// <summary>outputs[r, o] = weights[o, :]·inputs[r, :] + bias[o] for outputs from, …, to − 1, perhaps added to what is there.</summary>
    /// <param name="inputs">As <see cref="ITokenNumbers{TVector}.Prepare"/> left them, one row after another.</param>
    /// <param name="factors">Of each row.</param>
    public static void Multiply(
        TokenLayer layer, byte* inputs, float* factors, int rows, int width, float* outputs, int stride, int from, int to, bool add)
    {
        for (var start = 0; start < width; start += PieceInputs)
        {
            var size = Math.Min(PieceInputs, width - start);
            for (var output = from; output < to; output += ChunkOutputs)
            {
                var end = Math.Min(to, output + ChunkOutputs);
                Chunk(layer, inputs, factors, rows, width, outputs, stride, (output, end), (start, size), add || start > 0);
            }
        }
    }

    [MethodImpl(Simd.Loop)]
    static void Chunk(
        TokenLayer layer, byte* inputs, float* factors, int rows, int width, float* outputs, int stride, (int From, int To) chunk,
        (int Start, int Size) piece, bool add)
    {
        nint rowBytes = width * TNumbers.InputBytes, weightBytes = width * TNumbers.Bytes;
        nint ahead = (chunk.To - chunk.From) * weightBytes, share = piece.Size * TNumbers.Bytes / Math.Max(1, rows / TileRows);
        var bias = piece.Start == 0 ? layer.Bias : null;
        var weights = layer.Numbers + piece.Start * TNumbers.Bytes;
        inputs += piece.Start * TNumbers.InputBytes;
        var sums = stackalloc float[TileRows * TokenKernels.Block];
        var row = 0;
        for (nint fetched = 0; row <= rows - TileRows; row += TileRows, fetched += share)
        {
            var x = inputs + row * rowBytes;
            for (var output = chunk.From; output < chunk.To; output += TokenKernels.Block)
            {
                var w = weights + output * weightBytes;
                for (var i = 0; i < TokenKernels.Block; i += TileOutputs, w += TileOutputs * weightBytes)
                {
                    // Each tile asks for a part of what the next chunk has in its place.
                    Fetch(w + ahead + fetched, share);
                    Fetch(w + ahead + weightBytes + fetched, share);
                    Tile(w, weightBytes, x, rowBytes, piece.Size, sums + i * TileRows);
                }

                for (var r = 0; r < TileRows; r++)
                {
                    var found = Vector128.Create(sums[r], sums[TileRows + r], sums[2 * TileRows + r], sums[3 * TileRows + r]);
                    Finish(found, layer.Scales, bias, factors[row + r], output, outputs + (nint)(row + r) * stride + output, add);
                }
            }
        }

        for (; row < rows; row++)
        {
            for (var output = chunk.From; output < chunk.To; output += TokenKernels.Block)
            {
                var found = Dots(weights + output * weightBytes, weightBytes, TokenKernels.Block * weightBytes, inputs + row * rowBytes, piece.Size);
                Finish(found, layer.Scales, bias, factors[row], output, outputs + (nint)row * stride + output, add);
            }
        }
    }

    [MethodImpl(Simd.Inline)]
    static void Fetch(byte* from, nint bytes)
    {
        if (!Sse.IsSupported) return;
        for (nint at = 0; at < bytes; at += Line) Sse.Prefetch1(from + at);
    }

    [MethodImpl(Simd.Inline)]
    static void Finish(Vector128<float> sums, float* scales, float* bias, float factor, int output, float* place, bool add)
    {
        var factors = Vector128.Create(factor);
        if (scales != null) factors *= Vector128.Load(scales + output);
        sums *= factors;
        if (bias != null) sums += Vector128.Load(bias + output);
        (add ? sums + Vector128.Load(place) : sums).Store(place);
    }

    // sums[o, r]
    [MethodImpl(Simd.Loop)]
    static void Tile(byte* w, nint weightBytes, byte* x, nint rowBytes, int width, float* sums)
    {
        TVector a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        byte* x1 = x + rowBytes, x2 = x1 + rowBytes, x3 = x2 + rowBytes;
        nint at = 0;
        for (var i = 0; i < width; i += TNumbers.Lanes, w += TNumbers.Lanes * TNumbers.Bytes, at += TNumbers.Lanes * TNumbers.InputBytes)
        {
            TVector a = TNumbers.Load(w), b = TNumbers.Load(w + weightBytes);
            var input = TNumbers.LoadInputs(x + at);
            (a0, b0) = (TNumbers.MultiplyAdd(a, input, a0), TNumbers.MultiplyAdd(b, input, b0));
            input = TNumbers.LoadInputs(x1 + at);
            (a1, b1) = (TNumbers.MultiplyAdd(a, input, a1), TNumbers.MultiplyAdd(b, input, b1));
            input = TNumbers.LoadInputs(x2 + at);
            (a2, b2) = (TNumbers.MultiplyAdd(a, input, a2), TNumbers.MultiplyAdd(b, input, b2));
            input = TNumbers.LoadInputs(x3 + at);
            (a3, b3) = (TNumbers.MultiplyAdd(a, input, a3), TNumbers.MultiplyAdd(b, input, b3));
        }

        TNumbers.Sums(a0, a1, a2, a3).Store(sums);
        TNumbers.Sums(b0, b1, b2, b3).Store(sums + TileRows);
    }

    /// <summary>Four rows of weights, or keys, times one of inputs.</summary>
    /// <param name="ahead">Bytes from a number to the one that is asked for when it is read.</param>
    [MethodImpl(Simd.Inline)]
    public static Vector128<float> Dots(byte* w, nint weightBytes, nint ahead, byte* x, int width)
    {
        TVector a = default, b = default, c = default, d = default;
        byte* w1 = w + weightBytes, w2 = w1 + weightBytes, w3 = w2 + weightBytes;
        nint at = 0;
        for (var line = 0; line < width; line += PerLine)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(w + ahead + at);
                Sse.Prefetch0(w1 + ahead + at);
                Sse.Prefetch0(w2 + ahead + at);
                Sse.Prefetch0(w3 + ahead + at);
            }

            for (var end = at + Line; at < end; at += TNumbers.Lanes * TNumbers.Bytes, x += TNumbers.Lanes * TNumbers.InputBytes)
            {
                var input = TNumbers.LoadInputs(x);
                a = TNumbers.MultiplyAdd(TNumbers.Load(w + at), input, a);
                b = TNumbers.MultiplyAdd(TNumbers.Load(w1 + at), input, b);
                c = TNumbers.MultiplyAdd(TNumbers.Load(w2 + at), input, c);
                d = TNumbers.MultiplyAdd(TNumbers.Load(w3 + at), input, d);
            }
        }

        return TNumbers.Sums(a, b, c, d);
    }
}
