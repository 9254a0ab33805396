using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Numerics;

/// <summary>
/// Numbers of 16 and 8 bits as they are read from memory, one to each lane, and written. .NET has no vectors of F16C: a half's bits, moved to where a float
/// has them, are the half divided by <see cref="Simd.HalfUnit"/>, subnormal ones as well; infinity and NaN are not told from numbers.
/// </summary>
static unsafe class Widening
{
    // A float's sign, and the exponent and mantissa of a half within it.
    const int HalfBits = unchecked((int)0x8fff_e000), Moved = 13;

    [MethodImpl(Simd.Inline)]
    public static Vector256<float> Eight(Half* from)
    {
        var signed = Avx2.IsSupported ? Avx2.ConvertToVector256Int32((short*)from) : Integers(Vector128.Load((short*)from));
        return ((signed << Moved) & Vector256.Create(HalfBits)).AsSingle();
    }

    [MethodImpl(Simd.Inline)]
    public static Vector512<float> Sixteen(Half* from)
    {
        if (!Avx512F.IsSupported) return Vector512.Create(Eight(from), Eight(from + Vector256<float>.Count));
        return ((Avx512F.ConvertToVector512Int32(Vector256.Load((short*)from)) << Moved) & Vector512.Create(HalfBits)).AsSingle();
    }

    [MethodImpl(Simd.Inline)]
    public static Vector256<int> Eight(sbyte* from) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int32(from)
        : Integers(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)from).AsSByte()));

    [MethodImpl(Simd.Inline)]
    public static Vector512<int> Sixteen(sbyte* from) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32(Vector128.Load(from))
        : Vector512.Create(Eight(from), Eight(from + Vector256<float>.Count));

    /// <summary>Sixteen bytes as integers of 16 bits.</summary>
    [MethodImpl(Simd.Inline)]
    public static Vector256<short> Shorts(sbyte* from)
    {
        if (Avx2.IsSupported) return Avx2.ConvertToVector256Int16(from);
        var bytes = Vector128.Load(from);
        return Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
    }

    /// <summary>The nearest halves, ties to even; beyond the largest, infinity.</summary>
    public static void Narrow(float* from, Half* to, int count) =>
        TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>(from, count), new Span<Half>(to, count));

    [MethodImpl(Simd.Inline)]
    static Vector256<int> Integers(Vector128<short> shorts) => Vector256.Create(Vector128.WidenLower(shorts), Vector128.WidenUpper(shorts));
}
