using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Serving.Formats;

/// <summary>Sixteen bytes as sixteen integers, and back.</summary>
static class Bytes
{
    public const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector128<byte> bytes)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Int32(bytes);
        var (low, high) = Vector128.Widen(bytes);
        var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
        return Vector512.Create(Vector256.Create(a, b), Vector256.Create(c, d)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Narrow(Vector512<int> values)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector128Byte(values);
        var halves = Vector256.Narrow(values.GetLower(), values.GetUpper());
        return Vector128.Narrow(halves.GetLower(), halves.GetUpper()).AsByte();
    }
}
