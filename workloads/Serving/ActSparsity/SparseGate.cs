using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.ActSparsity;

/// <summary>Sets activations to zero that are nearly zero.</summary>
public sealed class SparseGate
{
    readonly float _threshold;

    public SparseGate(float threshold) => _threshold = threshold > 0 && float.IsFinite(threshold)
        ? threshold : throw ServingErrors.OutOfRange("threshold", threshold, "a positive number");

    /// <summary>The part of the last input that passed; all of it before there was one.</summary>
    public double Kept { get; private set; } = 1;

    /// <param name="output">As many as the activations; may be they themselves.</param>
    public void Apply(ReadOnlySpan<float> activations, Span<float> output)
    {
        Guard.NotEmpty(activations.Length, "activations");
        Guard.Length(output.Length, activations.Length, "the output");
        Guard.Finite(activations, "activations");
        Kept = (double)Pass(activations, output, _threshold) / activations.Length;
    }

    /// <summary>How many were let through.</summary>
    static int Pass(ReadOnlySpan<float> activations, Span<float> output, float threshold) =>
        Simd.Is512 ? Pass<Wide512>(activations, output, threshold) : Pass<Wide256>(activations, output, threshold);

    [MethodImpl(Simd.Loop)]
    static int Pass<T>(ReadOnlySpan<float> activations, Span<float> output, float threshold)
        where T : struct, IWide<T>
    {
        ref var from = ref MemoryMarshal.GetReference(activations);
        ref var to = ref MemoryMarshal.GetReference(output);
        var bound = T.Create(threshold);
        var kept = 0;
        nint index = 0;
        for (; index <= activations.Length - 2 * T.Lanes; index += 2 * T.Lanes)
        {
            var first = Pass(T.Load(ref from, index), bound, ref to, index);
            var second = Pass(T.Load(ref from, index + T.Lanes), bound, ref to, index + T.Lanes);
            kept += BitOperations.PopCount(((ulong)first << T.Lanes) | second);
        }
        for (; index < activations.Length; index++)
        {
            var passes = MathF.Abs(activations[(int)index]) >= threshold;
            output[(int)index] = passes ? activations[(int)index] : 0;
            kept += passes ? 1 : 0;
        }
        return kept;
    }

    /// <summary>A bit per lane that was let through.</summary>
    [MethodImpl(Simd.Inline)]
    static uint Pass<T>(T some, T bound, ref float to, nint index)
        where T : struct, IWide<T>
    {
        var passes = T.AtLeast(T.Abs(some), bound);
        (some & passes).Store(ref to, index);
        return T.Bits(passes);
    }
}
