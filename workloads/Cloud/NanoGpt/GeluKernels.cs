using System.Runtime.CompilerServices;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>x·Φ(x) and its derivative, Φ(x) + x·φ(x). Results may lie where the inputs do.</summary>
public static unsafe class GeluKernels
{
    public static void Forward(float* x, float* y, int count)
    {
        if (Simd.Is512) Forward<Wide512>(x, y, count);
        else Forward<Wide256>(x, y, count);
    }

    /// <param name="gradient">Of the results; times the derivative it is that of x.</param>
    public static void Backward(float* x, float* gradient, float* result, int count)
    {
        if (Simd.Is512) Backward<Wide512>(x, gradient, result, count);
        else Backward<Wide256>(x, gradient, result, count);
    }

    [MethodImpl(Simd.Loop)]
    internal static void Forward<T>(float* x, float* y, int count)
        where T : struct, IWide<T>
    {
        var i = 0;
        for (; i <= count - T.Lanes; i += T.Lanes) Value(T.Load(x + i)).Store(y + i);
        if (i == count) return;
        var rest = stackalloc float[T.Lanes];
        Copy(x + i, rest, count - i);
        Value(T.Load(rest)).Store(rest);
        Copy(rest, y + i, count - i);
    }

    [MethodImpl(Simd.Loop)]
    internal static void Backward<T>(float* x, float* gradient, float* result, int count)
        where T : struct, IWide<T>
    {
        var i = 0;
        for (; i <= count - T.Lanes; i += T.Lanes) (T.Load(gradient + i) * Derivative(T.Load(x + i))).Store(result + i);
        if (i == count) return;
        float* rest = stackalloc float[T.Lanes], arrived = stackalloc float[T.Lanes];
        Copy(x + i, rest, count - i);
        Copy(gradient + i, arrived, count - i);
        (T.Load(arrived) * Derivative(T.Load(rest))).Store(rest);
        Copy(rest, result + i, count - i);
    }

    [MethodImpl(Simd.Inline)]
    static T Value<T>(T x)
        where T : struct, IWide<T> => x * Normal(x).Below;

    [MethodImpl(Simd.Inline)]
    static T Derivative<T>(T x)
        where T : struct, IWide<T>
    {
        var (below, power) = Normal(x);
        // φ(x) = e^(−x²/2) / √(2π)
        return T.MultiplyAdd(x * T.Create(0.3989422804f), power, below);
    }

    /// <summary>
    /// Φ(x) by an approximation of the error function that is within 1.5e-7 (Abramowitz and Stegun, 7.1.26), and the e^(−x²/2) that it needs.
    /// </summary>
    [MethodImpl(Simd.Inline)]
    static (T Below, T Power) Normal<T>(T x)
        where T : struct, IWide<T>
    {
        var one = T.Create(1);
        var z = T.Abs(x) * T.Create(0.70710678f);
        var power = Exponential.Of(-z * z);
        var t = one / T.MultiplyAdd(z, T.Create(0.3275911f), one);
        var series = T.Create(1.061405429f);
        series = T.MultiplyAdd(series, t, T.Create(-1.453152027f));
        series = T.MultiplyAdd(series, t, T.Create(1.421413741f));
        series = T.MultiplyAdd(series, t, T.Create(-0.284496736f));
        series = T.MultiplyAdd(series, t, T.Create(0.254829592f));
        // Half of what lies beyond |x| on both sides.
        var beyond = series * t * power * T.Create(0.5f);
        return (T.Select(T.Less(x, default), beyond, one - beyond), power);
    }

    static void Copy(float* from, float* to, int count) => new Span<float>(from, count).CopyTo(new Span<float>(to, count));
}
