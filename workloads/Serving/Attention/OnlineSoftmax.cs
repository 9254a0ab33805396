using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Attention;

/// <summary>
/// Attention of one query to keys that come in runs (Milakov and Gimelshein 2018; Dao et al. 2022): the largest score so far, the sum of
/// exponentials relative to it, and the values weighted by them. A run may be a whole cache, a split, a block of a page table.
/// </summary>
struct OnlineSoftmax()
{
    const int Block = 64;

    float _max = float.NegativeInfinity;
    float _sum;

    public readonly float Max => _max;

    /// <summary>ln Σ exp(score)</summary>
    public readonly float LogSumExp => _max + MathF.Log(_sum);

    /// <summary>Takes one more run of keys into account.</summary>
    /// <param name="query">(dim)</param>
    /// <param name="keys">(count, dim)</param>
    /// <param name="values">(count, dim)</param>
    /// <param name="mixed">(dim), zeros at first: Σ exp(score − max)·value</param>
    [SkipLocalsInit]
    public void Add(ref float query, ref float keys, ref float values, ref float mixed, int count, int dim, float scale)
    {
        Span<float> scores = stackalloc float[Block];
        for (var from = 0; from < count; from += Block)
        {
            var block = scores[..Math.Min(Block, count - from)];
            AttentionProducts.Scores(ref query, ref Unsafe.Add(ref keys, from * dim), block, dim, scale);
            Weigh(block, ref mixed, dim);
            AttentionProducts.Mix(block, ref Unsafe.Add(ref values, from * dim), ref mixed, dim);
        }
    }

    /// <summary>Makes the scores of one more run of keys their weights, by which its values are still to be mixed.</summary>
    public void Weigh(Span<float> scores, ref float mixed, int dim)
    {
        // A key that is not finite has a score that is not, and there are far fewer scores to look at.
        var max = Simd.FiniteMax(scores);
        if (float.IsNaN(max))
            Guard.Finite(scores, "scores");
        if (max > _max)
            Rescale(max, ref mixed, dim);
        _sum += Simd.ExpAndSum(scores, _max);
    }

    /// <summary>Takes another partial result over other keys into account.</summary>
    public void Merge(OnlineSoftmax other, ref float otherMixed, ref float mixed, int dim)
    {
        if (other._max > _max)
            Rescale(other._max, ref mixed, dim);
        var weight = MathF.Exp(other._max - _max);
        _sum += weight * other._sum;
        Simd.AddScaled(ref mixed, ref otherMixed, weight, dim);
    }

    /// <summary>Makes the weighted values their mean.</summary>
    /// <exception cref="ServingException">A value was not finite.</exception>
    public readonly void Finish(Span<float> mixed)
    {
        Simd.Scale(mixed, 1 / _sum);
        Guard.Finite(mixed, "mixed values");
    }

    void Rescale(float max, ref float mixed, int dim)
    {
        if (_sum > 0)
        {
            var factor = MathF.Exp(_max - max);
            _sum *= factor;
            Simd.Scale(MemoryMarshal.CreateSpan(ref mixed, dim), factor);
        }
        _max = max;
    }
}
