using System.Runtime.Intrinsics;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>The kernels for one format of numbers, at the processor's width.</summary>
abstract unsafe class TokenArithmetic
{
    public static TokenArithmetic Of(GptNumbers numbers) => numbers switch
    {
        GptNumbers.Q8 => new TokenArithmetic<Q8Numbers, Vector256<int>>(),
        GptNumbers.Fp16 when Simd.Is512 => new TokenArithmetic<Fp16Numbers<Wide512>, Wide512>(),
        GptNumbers.Fp16 => new TokenArithmetic<Fp16Numbers<Wide256>, Wide256>(),
        _ when Simd.Is512 => new TokenArithmetic<Fp32Numbers<Wide512>, Wide512>(),
        _ => new TokenArithmetic<Fp32Numbers<Wide256>, Wide256>(),
    };

    /// <summary>outputs[r, o] = weights[o, :]·inputs[r, :] + bias[o] for outputs from, …, to − 1, perhaps added to what is there.</summary>
    /// <param name="room">For the inputs as this format multiplies them, and a factor for each row.</param>
    public abstract void Multiply(
        TokenLayer layer, float* inputs, InputRoom room, int rows, int width, float* outputs, int stride, int from, int to, bool add);

    /// <inheritdoc cref="TokenAttention{TNumbers, TVector}.Attend"/>
    public abstract void Attend(float* query, CachedHead head, int positions, float* scores, float* found);
}

/// <param name="inputs">At most as large as floats.</param>
/// <param name="factors">One per row.</param>
readonly unsafe struct InputRoom(float* inputs, float* factors)
{
    public float* Inputs { get; } = inputs;

    public float* Factors { get; } = factors;
}

sealed unsafe class TokenArithmetic<TNumbers, TVector> : TokenArithmetic
    where TNumbers : struct, ITokenNumbers<TVector>
    where TVector : struct
{
    public override void Multiply(
        TokenLayer layer, float* inputs, InputRoom room, int rows, int width, float* outputs, int stride, int from, int to, bool add)
    {
        // Where they are left in place, all of them are.
        var first = TNumbers.Prepare(inputs, width, (byte*)room.Inputs, out room.Factors[0]);
        for (var row = 1; row < rows; row++)
            TNumbers.Prepare(inputs + row * width, width, (byte*)room.Inputs + row * width * TNumbers.InputBytes, out room.Factors[row]);
        TokenProduct<TNumbers, TVector>.Multiply(layer, first, room.Factors, rows, width, outputs, stride, from, to, add);
    }

    public override void Attend(float* query, CachedHead head, int positions, float* scores, float* found) =>
        TokenAttention<TNumbers, TVector>.Attend(query, head, positions, scores, found);
}
