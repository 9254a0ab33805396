using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>x·Φ(x) and its derivative, Φ(x) + x·φ(x). Results may lie where the inputs do.</summary>
public static unsafe class GeluKernels
{
    const int Lanes = 16;

    [MethodImpl(Simd.Loop)]
    public static void Forward(float* x, float* y, int count)
    {
        var i = 0;
        for (; i <= count - Lanes; i += Lanes) Value(Vector512.Load(x + i)).Store(y + i);
        if (i == count) return;
        var rest = stackalloc float[Lanes];
        Copy(x + i, rest, count - i);
        Value(Vector512.Load(rest)).Store(rest);
        Copy(rest, y + i, count - i);
    }

    /// <param name="gradient">Of the results; times the derivative it is that of x.</param>
    [MethodImpl(Simd.Loop)]
    public static void Backward(float* x, float* gradient, float* result, int count)
    {
        var i = 0;
        for (; i <= count - Lanes; i += Lanes) (Vector512.Load(gradient + i) * Derivative(Vector512.Load(x + i))).Store(result + i);
        if (i == count) return;
        float* rest = stackalloc float[Lanes], arrived = stackalloc float[Lanes];
        Copy(x + i, rest, count - i);
        Copy(gradient + i, arrived, count - i);
        (Vector512.Load(arrived) * Derivative(Vector512.Load(rest))).Store(rest);
        Copy(rest, result + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Value(Vector512<float> x) => x * Normal(x).Below;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Derivative(Vector512<float> x)
    {
        var (below, power) = Normal(x);
        // φ(x) = e^(−x²/2) / √(2π)
        return Vector512.FusedMultiplyAdd(x * 0.3989422804f, power, below);
    }

    /// <summary>
    /// Φ(x) by an approximation of the error function that is within 1.5e-7 (Abramowitz and Stegun, 7.1.26), and the e^(−x²/2) that it needs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector512<float> Below, Vector512<float> Power) Normal(Vector512<float> x)
    {
        var one = Vector512<float>.One;
        var z = Vector512.Abs(x) * 0.70710678f;
        var power = Exponential.Of(-z * z);
        var t = one / Vector512.FusedMultiplyAdd(z, Vector512.Create(0.3275911f), one);
        var series = Vector512.Create(1.061405429f);
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(-1.453152027f));
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(1.421413741f));
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(-0.284496736f));
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(0.254829592f));
        // Half of what lies beyond |x| on both sides.
        var beyond = series * t * power * 0.5f;
        return (Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), beyond, one - beyond), power);
    }

    static void Copy(float* from, float* to, int count) => new Span<float>(from, count).CopyTo(new Span<float>(to, count));
}
