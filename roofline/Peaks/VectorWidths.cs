using System.Runtime.Intrinsics;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>What the FMA kernels need, for one vector width.</summary>
interface IVectorWidth<TVector>
    where TVector : struct
{
    static abstract int Lanes { get; }

    static abstract TVector Create(float value);

    static abstract TVector Load(ref float from);

    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract float Sum(TVector value);
}

readonly struct Width512 : IVectorWidth<Vector512<float>>
{
    public static int Lanes => Vector512<float>.Count;

    public static Vector512<float> Create(float value) => Vector512.Create(value);

    public static Vector512<float> Load(ref float from) => Vector512.LoadUnsafe(ref from);

    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.FusedMultiplyAdd(left, right, addend);

    public static float Sum(Vector512<float> value) => Vector512.Sum(value);
}

readonly struct Width256 : IVectorWidth<Vector256<float>>
{
    public static int Lanes => Vector256<float>.Count;

    public static Vector256<float> Create(float value) => Vector256.Create(value);

    public static Vector256<float> Load(ref float from) => Vector256.LoadUnsafe(ref from);

    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Vector256.FusedMultiplyAdd(left, right, addend);

    public static float Sum(Vector256<float> value) => Vector256.Sum(value);
}

readonly struct Width128 : IVectorWidth<Vector128<float>>
{
    public static int Lanes => Vector128<float>.Count;

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static Vector128<float> Load(ref float from) => Vector128.LoadUnsafe(ref from);

    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.FusedMultiplyAdd(left, right, addend);

    public static float Sum(Vector128<float> value) => Vector128.Sum(value);
}

/// <summary>One number at a time.</summary>
readonly struct Width32 : IVectorWidth<float>
{
    public static int Lanes => 1;

    public static float Create(float value) => value;

    public static float Load(ref float from) => from;

    public static float MultiplyAdd(float left, float right, float addend) => MathF.FusedMultiplyAdd(left, right, addend);

    public static float Sum(float value) => value;
}
