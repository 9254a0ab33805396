using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Numerics;

/// <summary>Floats in one register of the processor. Loops are written once and compiled for its width, so that their sums fit its registers: a
/// vector of twice the width would take two.</summary>
/// <remarks>A comparison gives a mask, all bits of a lane set where it holds. Indices are nint, so that offsets fold into the address.</remarks>
public unsafe interface IWide<T> where T : struct, IWide<T>
{
    static abstract int Lanes { get; }

    static abstract T Create(float value);
    static abstract T Load(ref float start, nint index);
    static abstract T Load(float* from);
    static abstract T LoadHalves(Half* from); // finite ones, each divided by Simd.HalfUnit: three instructions, where its exponent would take more
    static abstract T LoadBytes(sbyte* from);
    void Store(ref float start, nint index);
    void Store(float* to);

    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator -(T a);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    static abstract T operator &(T a, T mask);

    static abstract T MultiplyAdd(T a, T b, T c); // a·b + c, rounded once
    static abstract T Min(T a, T b); // the second if one is NaN
    static abstract T Max(T a, T b); // the same
    static abstract T Abs(T a);
    static abstract T Round(T a); // to the nearest whole number, ties to even
    static abstract T Scale(T a, T n); // a · 2^n with n whole: n is added to the exponent, so a and the output have to be normal numbers

    static abstract T Less(T a, T b);
    static abstract T AtLeast(T a, T b);
    static abstract T Equal(T a, T b);
    static abstract T Select(T mask, T a, T b);
    static abstract uint Bits(T mask); // a bit per lane, the first lane lowest

    static abstract Vector128<float> Quarter(T a); // four lanes whose sum is that of all
    static abstract Vector128<float> QuarterOfMax(T a); // four lanes whose maximum is that of all
}

/// <summary>Eight floats; a processor with narrower registers takes two of them.</summary>
public readonly unsafe struct Wide256(Vector256<float> lanes) : IWide<Wide256>
{
    readonly Vector256<float> lanes = lanes;

    public static int Lanes => Vector256<float>.Count;

    [MethodImpl(Simd.Inline)] public static Wide256 Create(float value) => new(Vector256.Create(value));
    [MethodImpl(Simd.Inline)] public static Wide256 Load(ref float start, nint index) => new(Vector256.LoadUnsafe(ref start, (nuint)index));
    [MethodImpl(Simd.Inline)] public static Wide256 Load(float* from) => new(Vector256.Load(from));
    [MethodImpl(Simd.Inline)] public static Wide256 LoadHalves(Half* from) => new(Widening.Eight(from));
    [MethodImpl(Simd.Inline)] public static Wide256 LoadBytes(sbyte* from) => new(Vector256.ConvertToSingle(Widening.Eight(from)));
    [MethodImpl(Simd.Inline)] public void Store(ref float start, nint index) => lanes.StoreUnsafe(ref start, (nuint)index);
    [MethodImpl(Simd.Inline)] public void Store(float* to) => lanes.Store(to);

    [MethodImpl(Simd.Inline)] public static Wide256 operator +(Wide256 a, Wide256 b) => new(a.lanes + b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide256 operator -(Wide256 a, Wide256 b) => new(a.lanes - b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide256 operator -(Wide256 a) => new(-a.lanes);
    [MethodImpl(Simd.Inline)] public static Wide256 operator *(Wide256 a, Wide256 b) => new(a.lanes * b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide256 operator /(Wide256 a, Wide256 b) => new(a.lanes / b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide256 operator &(Wide256 a, Wide256 mask) => new(a.lanes & mask.lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide256 MultiplyAdd(Wide256 a, Wide256 b, Wide256 c) => new(Vector256.FusedMultiplyAdd(a.lanes, b.lanes, c.lanes));
    [MethodImpl(Simd.Inline)] public static Wide256 Min(Wide256 a, Wide256 b) => new(Vector256.MinNative(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide256 Max(Wide256 a, Wide256 b) => new(Vector256.MaxNative(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide256 Abs(Wide256 a) => new(Vector256.Abs(a.lanes));
    [MethodImpl(Simd.Inline)] public static Wide256 Round(Wide256 a) => new(Vector256.Round(a.lanes));
    [MethodImpl(Simd.Inline)]
    public static Wide256 Scale(Wide256 a, Wide256 n) => new((a.lanes.AsInt32() + (Vector256.ConvertToInt32Native(n.lanes) << 23)).AsSingle());

    [MethodImpl(Simd.Inline)] public static Wide256 Less(Wide256 a, Wide256 b) => new(Vector256.LessThan(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide256 AtLeast(Wide256 a, Wide256 b) => new(Vector256.GreaterThanOrEqual(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide256 Equal(Wide256 a, Wide256 b) => new(Vector256.Equals(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)]
    public static Wide256 Select(Wide256 mask, Wide256 a, Wide256 b) => new(Vector256.ConditionalSelect(mask.lanes, a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static uint Bits(Wide256 mask) => mask.lanes.ExtractMostSignificantBits();

    [MethodImpl(Simd.Inline)] public static Vector128<float> Quarter(Wide256 a) => a.lanes.GetLower() + a.lanes.GetUpper();
    [MethodImpl(Simd.Inline)] public static Vector128<float> QuarterOfMax(Wide256 a) => Vector128.MaxNative(a.lanes.GetLower(), a.lanes.GetUpper());
}

/// <summary>Sixteen floats.</summary>
public readonly unsafe struct Wide512(Vector512<float> lanes) : IWide<Wide512>
{
    readonly Vector512<float> lanes = lanes;

    public static int Lanes => Vector512<float>.Count;

    [MethodImpl(Simd.Inline)] public static Wide512 Create(float value) => new(Vector512.Create(value));
    [MethodImpl(Simd.Inline)] public static Wide512 Load(ref float start, nint index) => new(Vector512.LoadUnsafe(ref start, (nuint)index));
    [MethodImpl(Simd.Inline)] public static Wide512 Load(float* from) => new(Vector512.Load(from));
    [MethodImpl(Simd.Inline)] public static Wide512 LoadHalves(Half* from) => new(Widening.Sixteen(from));
    [MethodImpl(Simd.Inline)] public static Wide512 LoadBytes(sbyte* from) => new(Vector512.ConvertToSingle(Widening.Sixteen(from)));
    [MethodImpl(Simd.Inline)] public void Store(ref float start, nint index) => lanes.StoreUnsafe(ref start, (nuint)index);
    [MethodImpl(Simd.Inline)] public void Store(float* to) => lanes.Store(to);

    [MethodImpl(Simd.Inline)] public static Wide512 operator +(Wide512 a, Wide512 b) => new(a.lanes + b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide512 operator -(Wide512 a, Wide512 b) => new(a.lanes - b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide512 operator -(Wide512 a) => new(-a.lanes);
    [MethodImpl(Simd.Inline)] public static Wide512 operator *(Wide512 a, Wide512 b) => new(a.lanes * b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide512 operator /(Wide512 a, Wide512 b) => new(a.lanes / b.lanes);
    [MethodImpl(Simd.Inline)] public static Wide512 operator &(Wide512 a, Wide512 mask) => new(a.lanes & mask.lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide512 MultiplyAdd(Wide512 a, Wide512 b, Wide512 c) => new(Vector512.FusedMultiplyAdd(a.lanes, b.lanes, c.lanes));
    [MethodImpl(Simd.Inline)] public static Wide512 Min(Wide512 a, Wide512 b) => new(Vector512.MinNative(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide512 Max(Wide512 a, Wide512 b) => new(Vector512.MaxNative(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide512 Abs(Wide512 a) => new(Vector512.Abs(a.lanes));
    [MethodImpl(Simd.Inline)] public static Wide512 Round(Wide512 a) => new(Vector512.Round(a.lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Scale(Wide512 a, Wide512 n) => new(Avx512F.IsSupported
        ? Avx512F.Scale(a.lanes, n.lanes)
        : (a.lanes.AsInt32() + (Vector512.ConvertToInt32Native(n.lanes) << 23)).AsSingle());

    [MethodImpl(Simd.Inline)] public static Wide512 Less(Wide512 a, Wide512 b) => new(Vector512.LessThan(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide512 AtLeast(Wide512 a, Wide512 b) => new(Vector512.GreaterThanOrEqual(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static Wide512 Equal(Wide512 a, Wide512 b) => new(Vector512.Equals(a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)]
    public static Wide512 Select(Wide512 mask, Wide512 a, Wide512 b) => new(Vector512.ConditionalSelect(mask.lanes, a.lanes, b.lanes));
    [MethodImpl(Simd.Inline)] public static uint Bits(Wide512 mask) => (uint)mask.lanes.ExtractMostSignificantBits();

    [MethodImpl(Simd.Inline)]
    public static Vector128<float> Quarter(Wide512 a)
    {
        var half = a.lanes.GetLower() + a.lanes.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    [MethodImpl(Simd.Inline)]
    public static Vector128<float> QuarterOfMax(Wide512 a)
    {
        var half = Vector256.MaxNative(a.lanes.GetLower(), a.lanes.GetUpper());
        return Vector128.MaxNative(half.GetLower(), half.GetUpper());
    }
}
