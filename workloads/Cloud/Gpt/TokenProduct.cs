using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    /// <summary>outputs[r, o] = weights[o, :]·inputs[r, :] + bias[o] for outputs from, …, to − 1, perhaps added to what is there.</summary>
    /// <param name="inputs">As <see cref="ITokenNumbers{TVector}.Prepare"/> left them, one row after another.</param>
    /// <param name="factors">Of each row.</param>
    [MethodImpl(Simd.Loop)]
    public static void Multiply(
        TokenLayer layer, byte* inputs, float* factors, int rows, int width, float* outputs, int stride, int from, int to, bool add)
    {
        nint rowBytes = width * TNumbers.InputBytes, weightBytes = width * TNumbers.Bytes;
        var sums = stackalloc float[TileRows * TokenKernels.Block];
        for (var output = from; output < to; output += TokenKernels.Block)
        {
            var weights = layer.Numbers + output * weightBytes;
            var row = 0;
            for (; row <= rows - TileRows; row += TileRows)
            {
                for (var i = 0; i < TokenKernels.Block; i += TileOutputs)
                    Tile(weights + i * weightBytes, weightBytes, inputs + row * rowBytes, rowBytes, width, sums + i * TileRows);
                for (var r = 0; r < TileRows; r++)
                {
                    var found = Vector128.Create(sums[r], sums[TileRows + r], sums[2 * TileRows + r], sums[3 * TileRows + r]);
                    Finish(found, layer, factors[row + r], output, outputs + (nint)(row + r) * stride + output, add);
                }
            }

            for (; row < rows; row++)
                Finish(Dots(weights, weightBytes, inputs + row * rowBytes, width), layer, factors[row], output, outputs + (nint)row * stride + output, add);
        }
    }

    [MethodImpl(Simd.Inline)]
    static void Finish(Vector128<float> sums, TokenLayer layer, float factor, int output, float* place, bool add)
    {
        var factors = Vector128.Create(factor);
        if (layer.Scales != null) factors *= Vector128.Load(layer.Scales + output);
        sums *= factors;
        if (layer.Bias != null) sums += Vector128.Load(layer.Bias + output);
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
    [MethodImpl(Simd.Inline)]
    public static Vector128<float> Dots(byte* w, nint weightBytes, byte* x, int width)
    {
        TVector a = default, b = default, c = default, d = default;
        byte* w1 = w + weightBytes, w2 = w1 + weightBytes, w3 = w2 + weightBytes;
        nint at = 0;
        for (var i = 0; i < width; i += TNumbers.Lanes, at += TNumbers.Lanes * TNumbers.Bytes, x += TNumbers.Lanes * TNumbers.InputBytes)
        {
            var input = TNumbers.LoadInputs(x);
            a = TNumbers.MultiplyAdd(TNumbers.Load(w + at), input, a);
            b = TNumbers.MultiplyAdd(TNumbers.Load(w1 + at), input, b);
            c = TNumbers.MultiplyAdd(TNumbers.Load(w2 + at), input, c);
            d = TNumbers.MultiplyAdd(TNumbers.Load(w3 + at), input, d);
        }

        return TNumbers.Sums(a, b, c, d);
    }
}
