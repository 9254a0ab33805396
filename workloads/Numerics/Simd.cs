namespace MlPerfEdu.Numerics;

/// <summary>Vector loops over floats at the processor's width.</summary>
public static class Simd
{
    /// <summary>For loops that keep many sums in registers. Tiered compilation may leave them at half their speed, and inlined into a caller they
    /// would run out of registers.</summary>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    public const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>2^112: what a half is worth, read as if its exponent were that of a float.</summary>
    public const float HalfUnit = 5.192296858534828e33f;

    /// <summary>Whether loops use <see cref="Wide512"/> here, or <see cref="Wide256"/>.</summary>
    public static bool Is512 { [MethodImpl(Inline)] get => Vector512.IsHardwareAccelerated; }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Guard.Length(b.Length, a.Length, "the second factor");
        return Dot(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), a.Length);
    }

    [MethodImpl(Inline)]
    public static float Dot(ref float a, ref float b, int length) =>
        Is512 ? Loops<Wide512>.Dot(ref a, ref b, length) : Loops<Wide256>.Dot(ref a, ref b, length);

    /// <summary>y += factor · x</summary>
    [MethodImpl(Inline)]
    public static void AddScaled(ref float y, ref float x, float factor, int length)
    {
        if (Is512) Loops<Wide512>.AddScaled(ref y, ref x, factor, length);
        else Loops<Wide256>.AddScaled(ref y, ref x, factor, length);
    }

    public static void Scale(Span<float> values, float factor) => Scale(values, factor, values);

    /// <param name="scaled">May be the values themselves.</param>
    public static void Scale(ReadOnlySpan<float> values, float factor, Span<float> scaled)
    {
        Guard.Length(scaled.Length, values.Length, "what is scaled");
        ref float from = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(scaled);
        if (Is512) Loops<Wide512>.Scale(ref from, factor, ref to, values.Length);
        else Loops<Wide256>.Scale(ref from, factor, ref to, values.Length);
    }

    /// <summary>The largest, if none is NaN.</summary>
    public static float Max(ReadOnlySpan<float> values) => Is512 ? Loops<Wide512>.Max(values) : Loops<Wide256>.Max(values);

    /// <summary>The largest, or NaN if one is not finite.</summary>
    public static float FiniteMax(ReadOnlySpan<float> values) => Is512 ? Loops<Wide512>.FiniteMax(values) : Loops<Wide256>.FiniteMax(values);

    public static bool AreFinite(ReadOnlySpan<float> values) => Is512 ? Loops<Wide512>.AreFinite(values) : Loops<Wide256>.AreFinite(values);

    /// <summary>The largest |x|.</summary>
    public static float MaxMagnitude(ReadOnlySpan<float> values) => Is512 ? Loops<Wide512>.MaxMagnitude(values) : Loops<Wide256>.MaxMagnitude(values);

    /// <summary>x = exp(x − max); gives their sum.</summary>
    public static float ExpAndSum(Span<float> values, float max) =>
        Is512 ? Loops<Wide512>.ExpAndSum(values, max) : Loops<Wide256>.ExpAndSum(values, max);

    /// <summary>Σ exp(x − max), where the exponentials themselves are not needed.</summary>
    public static float SumOfExp(ReadOnlySpan<float> values, float max) =>
        Is512 ? Loops<Wide512>.SumOfExp(values, max) : Loops<Wide256>.SumOfExp(values, max);

    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(Inline)] public static float Sum<T>(T wide) where T : struct, IWide<T> => Vector128.Sum(T.Quarter(wide));

    /// <summary>The sums of four vectors.</summary>
    [MethodImpl(Inline)]
    public static Vector128<float> Sums<T>(T a, T b, T c, T d) where T : struct, IWide<T>
    {
        // A transposition of 4 x 4: lanes i of all four, added up.
        var ab = Transposition.Interleaved(T.Quarter(a), T.Quarter(b));
        var cd = Transposition.Interleaved(T.Quarter(c), T.Quarter(d));
        var (two, others) = ((ab.Low + ab.High).AsDouble(), (cd.Low + cd.High).AsDouble());
        return Vector128.Create(two[0], others[0]).AsSingle() + Vector128.Create(two[1], others[1]).AsSingle();
    }

    /// <summary>The largest lane, if none is NaN.</summary>
    [MethodImpl(Inline)]
    public static float LargestLane<T>(T wide) where T : struct, IWide<T>
    {
        var quarter = T.QuarterOfMax(wide);
        quarter = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2)))[0];
    }

    /// <summary>Loads a whole vector or what is left; the other lanes are filled.</summary>
    [MethodImpl(Inline)]
    public static T LoadRest<T>(ref float start, nint index, int length, float fill) where T : struct, IWide<T> => length - index >= T.Lanes
            ? T.Load(ref start, index)
            : LoadFew<T>(ref Unsafe.Add(ref start, index), length - (int)index, fill);

    // Without a call: across one, no sum of the caller could stay in a register.
    [MethodImpl(Inline)]
    static T LoadFew<T>(ref float start, int count, float fill) where T : struct, IWide<T>
    {
        Unsafe.SkipInit(out Few few);
        ref var first = ref Unsafe.As<Few, float>(ref few);
        T.Create(fill).Store(ref first, 0);
        for (var lane = 0; lane < count; lane++)
            Unsafe.Add(ref first, lane) = Unsafe.Add(ref start, lane);
        return T.Load(ref first, 0);
    }

    [MethodImpl(Inline)]
    internal static void StoreFew<T>(T lanes, ref float to, int count) where T : struct, IWide<T>
    {
        Unsafe.SkipInit(out Few few);
        ref var first = ref Unsafe.As<Few, float>(ref few);
        lanes.Store(ref first, 0);
        for (var lane = 0; lane < count; lane++)
            Unsafe.Add(ref to, lane) = Unsafe.Add(ref first, lane);
    }

    [InlineArray(16)]
    struct Few
    {
        float first;
    }
}

/// <summary>The loops behind <see cref="Simd"/> for one vector width, with four independent accumulators.</summary>
static class Loops<T> where T : struct, IWide<T>
{
    static T Lowest => T.Create(float.NegativeInfinity);

    [MethodImpl(Simd.Inline)]
    public static float Dot(ref float a, ref float b, int length)
    {
        T s0 = default, s1 = default, s2 = default, s3 = default;
        nint index = 0;
        for (; index <= length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            s0 = T.MultiplyAdd(T.Load(ref a, index), T.Load(ref b, index), s0);
            s1 = T.MultiplyAdd(T.Load(ref a, index + T.Lanes), T.Load(ref b, index + T.Lanes), s1);
            s2 = T.MultiplyAdd(T.Load(ref a, index + 2 * T.Lanes), T.Load(ref b, index + 2 * T.Lanes), s2);
            s3 = T.MultiplyAdd(T.Load(ref a, index + 3 * T.Lanes), T.Load(ref b, index + 3 * T.Lanes), s3);
        }
        for (; index <= length - T.Lanes; index += T.Lanes)
            s0 = T.MultiplyAdd(T.Load(ref a, index), T.Load(ref b, index), s0);
        var sum = Simd.Sum(s0 + s1 + (s2 + s3));
        for (; index < length; index++)
            sum += Unsafe.Add(ref a, index) * Unsafe.Add(ref b, index);
        return sum;
    }

    [MethodImpl(Simd.Inline)]
    public static void AddScaled(ref float y, ref float x, float factor, int length)
    {
        var wide = T.Create(factor);
        nint index = 0;
        for (; index <= length - T.Lanes; index += T.Lanes)
            T.MultiplyAdd(T.Load(ref x, index), wide, T.Load(ref y, index)).Store(ref y, index);
        for (; index < length; index++)
            Unsafe.Add(ref y, index) += factor * Unsafe.Add(ref x, index);
    }

    [MethodImpl(Simd.Inline)]
    public static void Scale(ref float x, float factor, ref float y, int length)
    {
        var wide = T.Create(factor);
        nint index = 0;
        for (; index <= length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            (T.Load(ref x, index) * wide).Store(ref y, index);
            (T.Load(ref x, index + T.Lanes) * wide).Store(ref y, index + T.Lanes);
            (T.Load(ref x, index + 2 * T.Lanes) * wide).Store(ref y, index + 2 * T.Lanes);
            (T.Load(ref x, index + 3 * T.Lanes) * wide).Store(ref y, index + 3 * T.Lanes);
        }
        for (; index <= length - T.Lanes; index += T.Lanes)
            (T.Load(ref x, index) * wide).Store(ref y, index);
        for (; index < length; index++)
            Unsafe.Add(ref y, index) = factor * Unsafe.Add(ref x, index);
    }

    public static float Max(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (even, odd) = (Lowest, Lowest);
        nint index = 0;
        for (; index <= values.Length - 2 * T.Lanes; index += 2 * T.Lanes)
            (even, odd) = (T.Max(even, T.Load(ref start, index)), T.Max(odd, T.Load(ref start, index + T.Lanes)));
        for (; index < values.Length; index += T.Lanes)
            even = T.Max(even, Simd.LoadRest<T>(ref start, index, values.Length, float.NegativeInfinity));
        return Simd.LargestLane(T.Max(even, odd));
    }

    [MethodImpl(Simd.Loop)]
    public static float FiniteMax(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (m0, m1, m2, m3) = (Lowest, Lowest, Lowest, Lowest);
        T o0 = default, o1 = default, o2 = default, o3 = default;
        nint index = 0;
        for (; index <= values.Length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            var (v0, v1) = (T.Load(ref start, index), T.Load(ref start, index + T.Lanes));
            var (v2, v3) = (T.Load(ref start, index + 2 * T.Lanes), T.Load(ref start, index + 3 * T.Lanes));
            (m0, m1, m2, m3) = (T.Max(m0, v0), T.Max(m1, v1), T.Max(m2, v2), T.Max(m3, v3));
            (o0, o1, o2, o3) = (Oddness(v0, o0), Oddness(v1, o1), Oddness(v2, o2), Oddness(v3, o3));
        }
        for (; index < values.Length; index += T.Lanes)
        {
            var some = Simd.LoadRest<T>(ref start, index, values.Length, values[(int)index]);
            (m0, o0) = (T.Max(m0, some), Oddness(some, o0));
        }
        var largest = Simd.LargestLane(T.Max(T.Max(m0, m1), T.Max(m2, m3)));
        return AreZeros(o0 + o1 + (o2 + o3)) ? largest : float.NaN;
    }

    [MethodImpl(Simd.Inline)]
    public static bool AreFinite(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        T s0 = default, s1 = default, s2 = default, s3 = default;
        nint index = 0;
        for (; index <= values.Length - 4 * T.Lanes; index += 4 * T.Lanes)
        {
            s0 = Oddness(T.Load(ref start, index), s0);
            s1 = Oddness(T.Load(ref start, index + T.Lanes), s1);
            s2 = Oddness(T.Load(ref start, index + 2 * T.Lanes), s2);
            s3 = Oddness(T.Load(ref start, index + 3 * T.Lanes), s3);
        }
        for (; index < values.Length; index += T.Lanes)
            s0 = Oddness(Simd.LoadRest<T>(ref start, index, values.Length, 0), s0);
        return AreZeros(s0 + s1 + (s2 + s3));
    }

    /// <summary>Zeros stay zeros while the input is finite: 0·x is NaN otherwise, and stays so when added to.</summary>
    [MethodImpl(Simd.Inline)] public static T Oddness(T some, T before) => T.MultiplyAdd(some, default, before);

    [MethodImpl(Simd.Inline)] public static bool AreZeros(T sums) => T.Bits(T.Equal(sums, default)) == (1u << T.Lanes) - 1;

    public static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        T even = default, odd = default;
        nint index = 0;
        for (; index <= values.Length - 2 * T.Lanes; index += 2 * T.Lanes)
            (even, odd) = (T.Max(even, T.Abs(T.Load(ref start, index))), T.Max(odd, T.Abs(T.Load(ref start, index + T.Lanes))));
        for (; index < values.Length; index += T.Lanes)
            even = T.Max(even, T.Abs(Simd.LoadRest<T>(ref start, index, values.Length, 0)));
        return Simd.LargestLane(T.Max(even, odd));
    }

    public static float ExpAndSum(Span<float> values, float max)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var shift = T.Create(max);
        T sums = default;
        nint index = 0;
        for (; index <= values.Length - T.Lanes; index += T.Lanes)
        {
            var exp = Exponential.Of(T.Load(ref start, index) - shift);
            exp.Store(ref start, index);
            sums += exp;
        }
        if (index < values.Length)
        {
            var exp = Exponential.Of(Simd.LoadRest<T>(ref start, index, values.Length, float.NegativeInfinity) - shift);
            Simd.StoreFew(exp, ref values[(int)index], values.Length - (int)index);
            sums += exp;
        }
        return Simd.Sum(sums);
    }

    [MethodImpl(Simd.Loop)]
    public static float SumOfExp(ReadOnlySpan<float> values, float max)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var shift = T.Create(max);
        T even = default, odd = default;
        nint index = 0;
        for (; index <= values.Length - 2 * T.Lanes; index += 2 * T.Lanes)
        {
            even += Exponential.Of(T.Load(ref start, index) - shift);
            odd += Exponential.Of(T.Load(ref start, index + T.Lanes) - shift);
        }
        for (; index < values.Length; index += T.Lanes)
            even += Exponential.Of(Simd.LoadRest<T>(ref start, index, values.Length, float.NegativeInfinity) - shift);
        return Simd.Sum(even + odd);
    }
}

public static class Exponential
{
    // Of which the exponential is still a normal number.
    const float Smallest = -87.336f;
    const float Largest = 88.7228f;

    /// <summary>e^x to 2 units in the last place; 0 where the result would be subnormal, and never more than e^88.7228, near the largest.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ln 2 / 2: a polynomial for e^r, times 2^n.</remarks>
    [MethodImpl(Simd.Inline)]
    public static T Of<T>(T x) where T : struct, IWide<T>
    {
        // NaN stays NaN.
        var clamped = T.Min(T.Create(Largest), x);
        var n = T.Round(clamped * T.Create(1.44269504f));
        // ln 2 in two parts: the first has so few digits that its multiples are exact.
        var r = T.MultiplyAdd(n, T.Create(-0.693359375f), clamped);
        r = T.MultiplyAdd(n, T.Create(2.12194440e-4f), r);
        var p = T.Create(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Create(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Create(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Create(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Create(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Create(5.0000001201e-1f));
        p = T.MultiplyAdd(p, r * r, r) + T.Create(1);
        return T.Scale(p, n) & T.AtLeast(x, T.Create(Smallest));
    }
}
