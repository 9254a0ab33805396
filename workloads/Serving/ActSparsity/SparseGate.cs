using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
    [MethodImpl(Simd.Loop)]
    static int Pass(ReadOnlySpan<float> activations, Span<float> output, float threshold)
    {
        ref var from = ref MemoryMarshal.GetReference(activations);
        ref var to = ref MemoryMarshal.GetReference(output);
        var bound = Vector512.Create(threshold);
        var counts = Vector512<int>.Zero;
        var index = 0;
        for (; index <= activations.Length - 16; index += 16)
        {
            var some = Simd.Load(ref from, index);
            var passes = Vector512.GreaterThanOrEqual(Vector512.Abs(some), bound);
            (some & passes).StoreUnsafe(ref to, (nuint)index);
            counts -= passes.AsInt32();
        }
        var kept = Vector512.Sum(counts);
        for (; index < activations.Length; index++)
        {
            var passes = MathF.Abs(activations[index]) >= threshold;
            output[index] = passes ? activations[index] : 0;
            kept += passes ? 1 : 0;
        }
        return kept;
    }
}
