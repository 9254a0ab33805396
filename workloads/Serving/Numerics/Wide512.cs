using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>Sixteen floats.</summary>
public readonly unsafe struct Wide512(Vector512<float> lanes) : IWide<Wide512>
{
    readonly Vector512<float> _lanes = lanes;

    public static int Lanes => Vector512<float>.Count;

    [MethodImpl(Simd.Inline)]
    public static Wide512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Load(ref float start, nint index) => new(Vector512.LoadUnsafe(ref start, (nuint)index));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(Simd.Inline)]
    public void Store(ref float start, nint index) => _lanes.StoreUnsafe(ref start, (nuint)index);

    [MethodImpl(Simd.Inline)]
    public void Store(float* to) => _lanes.Store(to);

    [MethodImpl(Simd.Inline)]
    public static Wide512 operator +(Wide512 a, Wide512 b) => new(a._lanes + b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide512 operator -(Wide512 a, Wide512 b) => new(a._lanes - b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide512 operator -(Wide512 a) => new(-a._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide512 operator *(Wide512 a, Wide512 b) => new(a._lanes * b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide512 operator /(Wide512 a, Wide512 b) => new(a._lanes / b._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide512 operator &(Wide512 a, Wide512 mask) => new(a._lanes & mask._lanes);

    [MethodImpl(Simd.Inline)]
    public static Wide512 MultiplyAdd(Wide512 a, Wide512 b, Wide512 c) => new(Vector512.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Min(Wide512 a, Wide512 b) => new(Vector512.MinNative(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Max(Wide512 a, Wide512 b) => new(Vector512.MaxNative(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Abs(Wide512 a) => new(Vector512.Abs(a._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Round(Wide512 a) => new(Vector512.Round(a._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Scale(Wide512 a, Wide512 n) => new(Avx512F.IsSupported
        ? Avx512F.Scale(a._lanes, n._lanes)
        : (a._lanes.AsInt32() + (Vector512.ConvertToInt32Native(n._lanes) << 23)).AsSingle());

    [MethodImpl(Simd.Inline)]
    public static Wide512 Less(Wide512 a, Wide512 b) => new(Vector512.LessThan(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 AtLeast(Wide512 a, Wide512 b) => new(Vector512.GreaterThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Equal(Wide512 a, Wide512 b) => new(Vector512.Equals(a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static Wide512 Select(Wide512 mask, Wide512 a, Wide512 b) =>
        new(Vector512.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    [MethodImpl(Simd.Inline)]
    public static uint Bits(Wide512 mask) => (uint)mask._lanes.ExtractMostSignificantBits();

    [MethodImpl(Simd.Inline)]
    public static Vector128<float> Quarter(Wide512 a)
    {
        var half = a._lanes.GetLower() + a._lanes.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    [MethodImpl(Simd.Inline)]
    public static Vector128<float> QuarterOfMax(Wide512 a)
    {
        var half = Vector256.MaxNative(a._lanes.GetLower(), a._lanes.GetUpper());
        return Vector128.MaxNative(half.GetLower(), half.GetUpper());
    }
}
