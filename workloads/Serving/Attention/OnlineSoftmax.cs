using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Attention;

/// <summary>
/// Attention of one query to keys that come in runs (Milakov and Gimelshein 2018; Dao et al. 2022): the largest score so far, the sum of
/// exponentials relative to it, and the values weighted by them. A run may be a whole cache, a split, a block of a page table.
/// </summary>
struct OnlineSoftmax()
{
    const int Lanes = 16;
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
            Scores(ref query, ref Unsafe.Add(ref keys, from * dim), block, dim, scale);
            // A key that is not finite has a score that is not, and there are far fewer scores to look at.
            var max = Simd.FiniteMax(block);
            if (float.IsNaN(max))
                Guard.Finite(block, "scores");
            if (max > _max)
                Rescale(max, ref mixed, dim);
            _sum += Simd.ExpAndSum(block, _max);
            Mix(block, ref Unsafe.Add(ref values, from * dim), ref mixed, dim);
        }
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

    // Four keys at a time, so that their four sums across lanes are one transposition.
    static void Scores(ref float query, ref float keys, Span<float> scores, int dim, float scale)
    {
        var key = 0;
        for (; key <= scores.Length - 4; key += 4)
        {
            ref var k0 = ref Unsafe.Add(ref keys, key * dim);
            ref var k1 = ref Unsafe.Add(ref k0, dim);
            ref var k2 = ref Unsafe.Add(ref k1, dim);
            ref var k3 = ref Unsafe.Add(ref k2, dim);
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            var index = 0;
            for (; index <= dim - Lanes; index += Lanes)
            {
                var q = Simd.Load(ref query, index);
                s0 = Vector512.FusedMultiplyAdd(q, Simd.Load(ref k0, index), s0);
                s1 = Vector512.FusedMultiplyAdd(q, Simd.Load(ref k1, index), s1);
                s2 = Vector512.FusedMultiplyAdd(q, Simd.Load(ref k2, index), s2);
                s3 = Vector512.FusedMultiplyAdd(q, Simd.Load(ref k3, index), s3);
            }
            var sums = Simd.Sums(s0, s1, s2, s3);
            for (; index < dim; index++)
            {
                sums += Unsafe.Add(ref query, index) * Vector128.Create(
                    Unsafe.Add(ref k0, index), Unsafe.Add(ref k1, index), Unsafe.Add(ref k2, index), Unsafe.Add(ref k3, index));
            }
            (sums * scale).StoreUnsafe(ref scores[key]);
        }
        for (; key < scores.Length; key++)
            scores[key] = scale * Simd.Dot(ref query, ref Unsafe.Add(ref keys, key * dim), dim);
    }

    // Four vectors of the result stay in registers while all keys pass.
    static void Mix(ReadOnlySpan<float> weights, ref float values, ref float mixed, int dim)
    {
        var index = 0;
        for (; index <= dim - 4 * Lanes; index += 4 * Lanes)
        {
            ref var to = ref Unsafe.Add(ref mixed, index);
            ref var from = ref Unsafe.Add(ref values, index);
            var m0 = Simd.Load(ref to, 0);
            var m1 = Simd.Load(ref to, Lanes);
            var m2 = Simd.Load(ref to, 2 * Lanes);
            var m3 = Simd.Load(ref to, 3 * Lanes);
            foreach (var weight in weights)
            {
                var wide = Vector512.Create(weight);
                m0 = Vector512.FusedMultiplyAdd(wide, Simd.Load(ref from, 0), m0);
                m1 = Vector512.FusedMultiplyAdd(wide, Simd.Load(ref from, Lanes), m1);
                m2 = Vector512.FusedMultiplyAdd(wide, Simd.Load(ref from, 2 * Lanes), m2);
                m3 = Vector512.FusedMultiplyAdd(wide, Simd.Load(ref from, 3 * Lanes), m3);
                from = ref Unsafe.Add(ref from, dim);
            }
            m0.StoreUnsafe(ref to);
            m1.StoreUnsafe(ref to, Lanes);
            m2.StoreUnsafe(ref to, 2 * Lanes);
            m3.StoreUnsafe(ref to, 3 * Lanes);
        }
        if (index == dim)
            return;
        for (var key = 0; key < weights.Length; key++)
            Simd.AddScaled(ref Unsafe.Add(ref mixed, index), ref Unsafe.Add(ref values, key * dim + index), weights[key], dim - index);
    }
}
