using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>Loops over floats, as many at a time as the processor takes.</summary>
public static class Simd
{
    /// <summary>
    /// Of loops that keep many sums in registers. They are compiled once and whole: counted and compiled in steps, they may stay at half
    /// their speed. And never as a part of a caller, where the registers would no longer suffice.
    /// </summary>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    public const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Whether loops take <see cref="Wide512"/> here; <see cref="Wide256"/> otherwise.</summary>
    public static bool Is512
    {
        [MethodImpl(Inline)]
        get => Vector512.IsHardwareAccelerated;
    }

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
        if (Is512)
            Loops<Wide512>.AddScaled(ref y, ref x, factor, length);
        else
            Loops<Wide256>.AddScaled(ref y, ref x, factor, length);
    }

    public static void Scale(Span<float> values, float factor) => Scale(values, factor, values);

    /// <param name="scaled">As many; may be the values themselves.</param>
    public static void Scale(ReadOnlySpan<float> values, float factor, Span<float> scaled)
    {
        Guard.Length(scaled.Length, values.Length, "what is scaled");
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(scaled);
        if (Is512)
            Loops<Wide512>.Scale(ref from, factor, ref to, values.Length);
        else
            Loops<Wide256>.Scale(ref from, factor, ref to, values.Length);
    }

    /// <summary>The largest of numbers all of which are numbers.</summary>
    public static float Max(ReadOnlySpan<float> values) => Is512 ? Loops<Wide512>.Max(values) : Loops<Wide256>.Max(values);

    /// <summary>The largest; not a number when one of them is not finite.</summary>
    public static float FiniteMax(ReadOnlySpan<float> values) =>
        Is512 ? Loops<Wide512>.FiniteMax(values) : Loops<Wide256>.FiniteMax(values);

    public static bool AreFinite(ReadOnlySpan<float> values) =>
        Is512 ? Loops<Wide512>.AreFinite(values) : Loops<Wide256>.AreFinite(values);

    /// <summary>The largest |x|.</summary>
    public static float MaxMagnitude(ReadOnlySpan<float> values) =>
        Is512 ? Loops<Wide512>.MaxMagnitude(values) : Loops<Wide256>.MaxMagnitude(values);

    /// <summary>Makes each x to exp(x − max) and gives their sum.</summary>
    public static float ExpAndSum(Span<float> values, float max) =>
        Is512 ? Loops<Wide512>.ExpAndSum(values, max) : Loops<Wide256>.ExpAndSum(values, max);

    /// <summary>Σ exp(x − max), where the exponentials themselves are not needed.</summary>
    public static float SumOfExp(ReadOnlySpan<float> values, float max) =>
        Is512 ? Loops<Wide512>.SumOfExp(values, max) : Loops<Wide256>.SumOfExp(values, max);

    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(Inline)]
    public static float Sum<T>(T wide)
        where T : struct, IWide<T> => Vector128.Sum(T.Quarter(wide));

    /// <summary>The sums of four vectors.</summary>
    [MethodImpl(Inline)]
    public static Vector128<float> Sums<T>(T a, T b, T c, T d)
        where T : struct, IWide<T>
    {
        // A transposition of 4 x 4: lanes i of all four, added up.
        var ab = Transposition.Interleaved(T.Quarter(a), T.Quarter(b));
        var cd = Transposition.Interleaved(T.Quarter(c), T.Quarter(d));
        var (two, others) = ((ab.Low + ab.High).AsDouble(), (cd.Low + cd.High).AsDouble());
        return Vector128.Create(two[0], others[0]).AsSingle() + Vector128.Create(two[1], others[1]).AsSingle();
    }

    /// <summary>The largest lane, when all are numbers.</summary>
    [MethodImpl(Inline)]
    public static float LargestLane<T>(T wide)
        where T : struct, IWide<T>
    {
        var quarter = T.QuarterOfMax(wide);
        quarter = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2)))[0];
    }

    /// <summary>The values from an index on, a whole vector or as many as there are; lanes for which there is none are filled.</summary>
    [MethodImpl(Inline)]
    public static T LoadRest<T>(ref float start, nint index, int length, float fill)
        where T : struct, IWide<T> => length - index >= T.Lanes
            ? T.Load(ref start, index)
            : LoadFew<T>(ref Unsafe.Add(ref start, index), length - (int)index, fill);

    // Without a call: across one, no sum of the caller could stay in a register.
    [MethodImpl(Inline)]
    static T LoadFew<T>(ref float start, int count, float fill)
        where T : struct, IWide<T>
    {
        Unsafe.SkipInit(out Few few);
        ref var first = ref Unsafe.As<Few, float>(ref few);
        T.Create(fill).Store(ref first, 0);
        for (var lane = 0; lane < count; lane++)
            Unsafe.Add(ref first, lane) = Unsafe.Add(ref start, lane);
        return T.Load(ref first, 0);
    }

    /// <summary>Writes the first lanes.</summary>
    [MethodImpl(Inline)]
    internal static void StoreFew<T>(T lanes, ref float to, int count)
        where T : struct, IWide<T>
    {
        Unsafe.SkipInit(out Few few);
        ref var first = ref Unsafe.As<Few, float>(ref few);
        lanes.Store(ref first, 0);
        for (var lane = 0; lane < count; lane++)
            Unsafe.Add(ref to, lane) = Unsafe.Add(ref first, lane);
    }

    /// <summary>Room for the lanes of one vector.</summary>
    [InlineArray(16)]
    struct Few
    {
        float _first;
    }
}
