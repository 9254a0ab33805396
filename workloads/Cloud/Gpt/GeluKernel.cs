using System.Runtime.CompilerServices;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>
/// x·Φ(x) with Φ the normal distribution (Hendrycks and Gimpel, 2016), within a step of one token: for its few numbers, a call of libtorch would
/// take longer than the arithmetic. Results may lie where the inputs do.
/// </summary>
public static unsafe class GeluKernel
{
    public static void Forward(float* x, float* y, int count)
    {
        if (Simd.Is512) Forward<Wide512>(x, y, count);
        else Forward<Wide256>(x, y, count);
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

    /// <summary>By an approximation of the error function that is within 1.5e-7 (Abramowitz and Stegun, 7.1.26).</summary>
    [MethodImpl(Simd.Inline)]
    static T Value<T>(T x)
        where T : struct, IWide<T>
    {
        var one = T.Create(1);
        var z = T.Abs(x) * T.Create(0.70710678f);
        var t = one / T.MultiplyAdd(z, T.Create(0.3275911f), one);
        var series = T.Create(1.061405429f);
        series = T.MultiplyAdd(series, t, T.Create(-1.453152027f));
        series = T.MultiplyAdd(series, t, T.Create(1.421413741f));
        series = T.MultiplyAdd(series, t, T.Create(-0.284496736f));
        series = T.MultiplyAdd(series, t, T.Create(0.254829592f));
        // Half of what lies beyond |x| on both sides.
        var beyond = series * t * Exponential.Of(-z * z) * T.Create(0.5f);
        return x * T.Select(T.Less(x, default), beyond, one - beyond);
    }

    static void Copy(float* from, float* to, int count) => new Span<float>(from, count).CopyTo(new Span<float>(to, count));
}
