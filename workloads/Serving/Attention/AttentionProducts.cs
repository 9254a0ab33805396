using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Attention;

/// <summary><see cref="AttentionLoops{W}"/> with vectors as wide as this processor's.</summary>
static class AttentionProducts
{
    /// <summary>query·key · scale of every key.</summary>
    public static void Scores(ref float query, ref float keys, Span<float> scores, int dim, float scale)
    {
        if (Simd.Is512)
            AttentionLoops<Wide512>.Scores(ref query, ref keys, scores, dim, scale);
        else
            AttentionLoops<Wide256>.Scores(ref query, ref keys, scores, dim, scale);
    }

    /// <summary>The same of two queries.</summary>
    public static void Scores(
        ref float first, ref float second, ref float keys, Span<float> ofFirst, Span<float> ofSecond, int dim, float scale)
    {
        if (Simd.Is512)
            AttentionLoops<Wide512>.Scores(ref first, ref second, ref keys, ofFirst, ofSecond, dim, scale);
        else
            AttentionLoops<Wide256>.Scores(ref first, ref second, ref keys, ofFirst, ofSecond, dim, scale);
    }

    /// <summary>mixed += Σ weight · value</summary>
    public static void Mix(ReadOnlySpan<float> weights, ref float values, ref float mixed, int dim)
    {
        if (Simd.Is512)
            AttentionLoops<Wide512>.Mix(weights, ref values, ref mixed, dim);
        else
            AttentionLoops<Wide256>.Mix(weights, ref values, ref mixed, dim);
    }

    /// <summary>The same of two queries.</summary>
    public static void Mix(
        ReadOnlySpan<float> ofFirst, ReadOnlySpan<float> ofSecond, ref float values, ref float first, ref float second, int dim)
    {
        if (Simd.Is512)
            AttentionLoops<Wide512>.Mix(ofFirst, ofSecond, ref values, ref first, ref second, dim);
        else
            AttentionLoops<Wide256>.Mix(ofFirst, ofSecond, ref values, ref first, ref second, dim);
    }
}
