using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>Eight floats; a processor with narrower registers takes two of them.</summary>
public readonly unsafe struct Wide256(Vector256<float> lanes) : IWide<Wide256>
{
    readonly Vector256<float> _lanes = lanes;

    public static int Lanes => Vector256<float>.Count;

    [MethodImpl(Simd.Inline)]
    public static Wide256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Load(ref float start, nint index) => new(Vector256.LoadUnsafe(ref start, (nuint)index));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(Simd.Inline)]
    public void Store(ref float start, nint index) => _lanes.StoreUnsafe(ref start, (nuint)index);

    [MethodImpl(Simd.Inline)]
    public void Store(float* to) => _lanes.Store(to);

    [MethodImpl(Simd.Inline)]
    public static Wide256 operator +(Wide256 a, Wide256 b) => new(a._lanes + b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide256 operator -(Wide256 a, Wide256 b) => new(a._lanes - b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide256 operator -(Wide256 a) => new(-a._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide256 operator *(Wide256 a, Wide256 b) => new(a._lanes * b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide256 operator /(Wide256 a, Wide256 b) => new(a._lanes / b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide256 operator &(Wide256 a, Wide256 mask) => new(a._lanes & mask._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide256 MultiplyAdd(Wide256 a, Wide256 b, Wide256 c) => new(Vector256.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Min(Wide256 a, Wide256 b) => new(Vector256.MinNative(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Max(Wide256 a, Wide256 b) => new(Vector256.MaxNative(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Abs(Wide256 a) => new(Vector256.Abs(a._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Round(Wide256 a) => new(Vector256.Round(a._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Scale(Wide256 a, Wide256 n) => new((a._lanes.AsInt32() + (Vector256.ConvertToInt32Native(n._lanes) << 23)).AsSingle());

    [MethodImpl(Simd.Inline)]
    public static Wide256 Less(Wide256 a, Wide256 b) => new(Vector256.LessThan(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 AtLeast(Wide256 a, Wide256 b) => new(Vector256.GreaterThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Equal(Wide256 a, Wide256 b) => new(Vector256.Equals(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide256 Select(Wide256 mask, Wide256 a, Wide256 b) =>
        new(Vector256.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static uint Bits(Wide256 mask) => mask._lanes.ExtractMostSignificantBits();

    [MethodImpl(Simd.Inline)]
    public static Vector128<float> Quarter(Wide256 a) => a._lanes.GetLower() + a._lanes.GetUpper();

    [MethodImpl(Simd.Inline)]
    public static Vector128<float> QuarterOfMax(Wide256 a) => Vector128.MaxNative(a._lanes.GetLower(), a._lanes.GetUpper());
}
