namespace MlPerfEdu.Serving.Attention;

/// <summary>The two products of attention, for one query and for two that read the same keys, which halves the loads.</summary>
static class AttentionLoops<T> where T : struct, IWide<T>
{
    /// <summary>query·key · scale of every key.</summary>
    /// <remarks>Four keys at a time, so that one transposition gives their four sums across lanes.</remarks>
    public static void Scores(ref float query, ref float keys, Span<float> scores, int dim, float scale)
    {
        var key = 0;
        for (; key <= scores.Length - 4; key += 4)
        {
            ref var k0 = ref Unsafe.Add(ref keys, key * dim);
            ref var k1 = ref Unsafe.Add(ref k0, dim);
            ref var k2 = ref Unsafe.Add(ref k1, dim);
            ref var k3 = ref Unsafe.Add(ref k2, dim);
            T s0 = default, s1 = default, s2 = default, s3 = default;
            nint index = 0;
            for (; index <= dim - T.Lanes; index += T.Lanes)
            {
                var q = T.Load(ref query, index);
                s0 = T.MultiplyAdd(q, T.Load(ref k0, index), s0);
                s1 = T.MultiplyAdd(q, T.Load(ref k1, index), s1);
                s2 = T.MultiplyAdd(q, T.Load(ref k2, index), s2);
                s3 = T.MultiplyAdd(q, T.Load(ref k3, index), s3);
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
            scores[key] = scale * Loops<T>.Dot(ref query, ref Unsafe.Add(ref keys, key * dim), dim);
    }

    /// <summary>The same for two queries.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Scores(ref float first, ref float second, ref float keys, Span<float> ofFirst, Span<float> ofSecond, int dim, float scale)
    {
        var key = 0;
        for (; key <= ofFirst.Length - 4; key += 4)
        {
            ref var k0 = ref Unsafe.Add(ref keys, key * dim);
            ref var k1 = ref Unsafe.Add(ref k0, dim);
            ref var k2 = ref Unsafe.Add(ref k1, dim);
            ref var k3 = ref Unsafe.Add(ref k2, dim);
            T f0 = default, f1 = default, f2 = default, f3 = default;
            T s0 = default, s1 = default, s2 = default, s3 = default;
            nint index = 0;
            for (; index <= dim - T.Lanes; index += T.Lanes)
            {
                var (f, s) = (T.Load(ref first, index), T.Load(ref second, index));
                var (v0, v1) = (T.Load(ref k0, index), T.Load(ref k1, index));
                var (v2, v3) = (T.Load(ref k2, index), T.Load(ref k3, index));
                (f0, s0) = (T.MultiplyAdd(f, v0, f0), T.MultiplyAdd(s, v0, s0));
                (f1, s1) = (T.MultiplyAdd(f, v1, f1), T.MultiplyAdd(s, v1, s1));
                (f2, s2) = (T.MultiplyAdd(f, v2, f2), T.MultiplyAdd(s, v2, s2));
                (f3, s3) = (T.MultiplyAdd(f, v3, f3), T.MultiplyAdd(s, v3, s3));
            }
            var (sumsOfFirst, sumsOfSecond) = (Simd.Sums(f0, f1, f2, f3), Simd.Sums(s0, s1, s2, s3));
            for (; index < dim; index++)
            {
                var some = Vector128.Create(
                    Unsafe.Add(ref k0, index), Unsafe.Add(ref k1, index), Unsafe.Add(ref k2, index), Unsafe.Add(ref k3, index));
                (sumsOfFirst, sumsOfSecond) = (sumsOfFirst + Unsafe.Add(ref first, index) * some,
                    sumsOfSecond + Unsafe.Add(ref second, index) * some);
            }
            (sumsOfFirst * scale).StoreUnsafe(ref ofFirst[key]);
            (sumsOfSecond * scale).StoreUnsafe(ref ofSecond[key]);
        }
        ref var rest = ref Unsafe.Add(ref keys, key * dim);
        Scores(ref first, ref rest, ofFirst[key..], dim, scale);
        Scores(ref second, ref rest, ofSecond[key..], dim, scale);
    }

    /// <summary>mixed += Σ weight · value</summary>
    /// <remarks>Four vectors of the output stay in registers over all keys.</remarks>
    public static void Mix(ReadOnlySpan<float> weights, ref float values, ref float mixed, int dim)
    {
        nint index = 0;
        for (; index <= dim - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            ref var to = ref Unsafe.Add(ref mixed, index);
            ref var from = ref Unsafe.Add(ref values, index);
            var m0 = T.Load(ref to, 0);
            var m1 = T.Load(ref to, T.Lanes);
            var m2 = T.Load(ref to, 2 * T.Lanes);
            var m3 = T.Load(ref to, 3 * T.Lanes);
            foreach (var weight in weights)
            {
                var wide = T.Create(weight);
                m0 = T.MultiplyAdd(wide, T.Load(ref from, 0), m0);
                m1 = T.MultiplyAdd(wide, T.Load(ref from, T.Lanes), m1);
                m2 = T.MultiplyAdd(wide, T.Load(ref from, 2 * T.Lanes), m2);
                m3 = T.MultiplyAdd(wide, T.Load(ref from, 3 * T.Lanes), m3);
                from = ref Unsafe.Add(ref from, dim);
            }
            Store(m0, m1, m2, m3, ref to);
        }
        AddRest(weights, ref values, ref mixed, index, dim);
    }

    /// <summary>The same for two queries.</summary>
    [MethodImpl(Simd.Loop)]
    public static void Mix(ReadOnlySpan<float> ofFirst, ReadOnlySpan<float> ofSecond, ref float values, ref float first, ref float second, int dim)
    {
        nint index = 0;
        for (; index <= dim - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            ref var toFirst = ref Unsafe.Add(ref first, index);
            ref var toSecond = ref Unsafe.Add(ref second, index);
            ref var from = ref Unsafe.Add(ref values, index);
            var (f0, f1) = (T.Load(ref toFirst, 0), T.Load(ref toFirst, T.Lanes));
            var (f2, f3) = (T.Load(ref toFirst, 2 * T.Lanes), T.Load(ref toFirst, 3 * T.Lanes));
            var (s0, s1) = (T.Load(ref toSecond, 0), T.Load(ref toSecond, T.Lanes));
            var (s2, s3) = (T.Load(ref toSecond, 2 * T.Lanes), T.Load(ref toSecond, 3 * T.Lanes));
            for (var key = 0; key < ofFirst.Length; key++)
            {
                var (f, s) = (T.Create(ofFirst[key]), T.Create(ofSecond[key]));
                var (v0, v1) = (T.Load(ref from, 0), T.Load(ref from, T.Lanes));
                var (v2, v3) = (T.Load(ref from, 2 * T.Lanes), T.Load(ref from, 3 * T.Lanes));
                (f0, s0) = (T.MultiplyAdd(f, v0, f0), T.MultiplyAdd(s, v0, s0));
                (f1, s1) = (T.MultiplyAdd(f, v1, f1), T.MultiplyAdd(s, v1, s1));
                (f2, s2) = (T.MultiplyAdd(f, v2, f2), T.MultiplyAdd(s, v2, s2));
                (f3, s3) = (T.MultiplyAdd(f, v3, f3), T.MultiplyAdd(s, v3, s3));
                from = ref Unsafe.Add(ref from, dim);
            }
            Store(f0, f1, f2, f3, ref toFirst);
            Store(s0, s1, s2, s3, ref toSecond);
        }
        AddRest(ofFirst, ref values, ref first, index, dim);
        AddRest(ofSecond, ref values, ref second, index, dim);
    }

    [MethodImpl(Simd.Inline)]
    static void Store(T m0, T m1, T m2, T m3, ref float to)
    {
        m0.Store(ref to, 0);
        m1.Store(ref to, T.Lanes);
        m2.Store(ref to, 2 * T.Lanes);
        m3.Store(ref to, 3 * T.Lanes);
    }

    // What is left over of each value.
    static void AddRest(ReadOnlySpan<float> weights, ref float values, ref float mixed, nint index, int dim)
    {
        for (var key = 0; index < dim && key < weights.Length; key++)
            Loops<T>.AddScaled(ref Unsafe.Add(ref mixed, index), ref Unsafe.Add(ref values, key * dim + index), weights[key], dim - (int)index);
    }
}
