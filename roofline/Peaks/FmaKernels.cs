using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<float>;
using V256 = System.Runtime.Intrinsics.Vector256<float>;
using V512 = System.Runtime.Intrinsics.Vector512<float>;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Multiply-adds in C#, for one vector width.</summary>
/// <param name="Run">Takes the number of rounds; its sum keeps the compiler from dropping the work.</param>
sealed record RegisterKernel(PeakKind Kind, int Lanes, double FlopsPerRound, string Convention, Func<long, float> Run)
{
    public int Bits => Lanes * 8 * sizeof(float);
}

/// <summary>Fused multiply-adds in registers only: the rate of the vector units when nothing else limits them.</summary>
/// <remarks>Twelve independent accumulators cover the latency of two units; one dependent chain would measure latency.</remarks>
static class FmaKernel
{
    const int Accumulators = 12;
    const float Factor = 0.999f;
    const float Addend = 0.001f;

    /// <summary>One for every width that this processor multiplies and adds in one instruction, narrowest first.</summary>
    public static IReadOnlyList<RegisterKernel> Widths { get; } =
    [
        .. Fma.IsSupported || AdvSimd.IsSupported ? [Of<Width32, float>()] : Array.Empty<RegisterKernel>(),
        Of<Width128, V128>(),
        .. Vector256.IsHardwareAccelerated ? [Of<Width256, V256>()] : Array.Empty<RegisterKernel>(),
        .. Avx512F.IsSupported ? [Of<Width512, V512>()] : Array.Empty<RegisterKernel>(),
    ];

    static RegisterKernel Of<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : struct =>
        new(PeakKind.Fma, TWidth.Lanes, 2.0 * Accumulators * TWidth.Lanes,
            "fused multiply-adds on fp32 registers of this many bits, 2 FLOP each", Run<TWidth, TVector>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Run<TWidth, TVector>(long rounds)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : struct
    {
        var f = TWidth.Create(Factor);
        var d = TWidth.Create(Addend);
        TVector a0 = d, a1 = d, a2 = d, a3 = d, a4 = d, a5 = d, a6 = d, a7 = d, a8 = d, a9 = d, a10 = d, a11 = d;
        for (var round = 0L; round < rounds; round++)
        {
            a0 = TWidth.MultiplyAdd(a0, f, d);
            a1 = TWidth.MultiplyAdd(a1, f, d);
            a2 = TWidth.MultiplyAdd(a2, f, d);
            a3 = TWidth.MultiplyAdd(a3, f, d);
            a4 = TWidth.MultiplyAdd(a4, f, d);
            a5 = TWidth.MultiplyAdd(a5, f, d);
            a6 = TWidth.MultiplyAdd(a6, f, d);
            a7 = TWidth.MultiplyAdd(a7, f, d);
            a8 = TWidth.MultiplyAdd(a8, f, d);
            a9 = TWidth.MultiplyAdd(a9, f, d);
            a10 = TWidth.MultiplyAdd(a10, f, d);
            a11 = TWidth.MultiplyAdd(a11, f, d);
        }

        return TWidth.Sum(a0) + TWidth.Sum(a1) + TWidth.Sum(a2) + TWidth.Sum(a3) + TWidth.Sum(a4) + TWidth.Sum(a5)
            + TWidth.Sum(a6) + TWidth.Sum(a7) + TWidth.Sum(a8) + TWidth.Sum(a9) + TWidth.Sum(a10) + TWidth.Sum(a11);
    }
}

/// <summary>The inner loop of a matrix product on two panels packed in L1: six rows by two vectors of columns.</summary>
/// <remarks>It is slower than registers alone by its loads; a product is slower than it by packing, caches and threads.</remarks>
static class TileKernel
{
    const int Rows = 6;
    const int Vectors = 2;
    const int Depth = 128;
    const float Value = 0.001f;

    public static RegisterKernel Widest { get; } =
        Avx512F.IsSupported ? Of<Width512, V512>()
        : Vector256.IsHardwareAccelerated ? Of<Width256, V256>()
        : Of<Width128, V128>();

    static RegisterKernel Of<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : struct =>
        new(PeakKind.FmaTile, TWidth.Lanes, 2.0 * Rows * Vectors * TWidth.Lanes * Depth,
            "inner loop of a matrix product, 6 rows x 2 vectors of this many bits, operands in L1, 2 FLOP per multiply-add", Run<TWidth, TVector>);

    static float Run<TWidth, TVector>(long rounds)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : struct
    {
        var rows = new float[Depth * Rows];
        var columns = new float[Depth * Vectors * TWidth.Lanes];
        Array.Fill(rows, Value);
        Array.Fill(columns, Value);
        return Run<TWidth, TVector>(rounds, rows, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Run<TWidth, TVector>(long rounds, float[] rows, float[] columns)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : struct
    {
        TVector a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        TVector d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        for (var round = 0L; round < rounds; round++)
        {
            ref var row = ref MemoryMarshal.GetArrayDataReference(rows);
            ref var column = ref MemoryMarshal.GetArrayDataReference(columns);
            for (var depth = 0; depth < Depth; depth++)
            {
                var left = TWidth.Load(ref column);
                var right = TWidth.Load(ref Unsafe.Add(ref column, TWidth.Lanes));
                var factor = TWidth.Create(row);
                a0 = TWidth.MultiplyAdd(factor, left, a0);
                a1 = TWidth.MultiplyAdd(factor, right, a1);
                factor = TWidth.Create(Unsafe.Add(ref row, 1));
                b0 = TWidth.MultiplyAdd(factor, left, b0);
                b1 = TWidth.MultiplyAdd(factor, right, b1);
                factor = TWidth.Create(Unsafe.Add(ref row, 2));
                c0 = TWidth.MultiplyAdd(factor, left, c0);
                c1 = TWidth.MultiplyAdd(factor, right, c1);
                factor = TWidth.Create(Unsafe.Add(ref row, 3));
                d0 = TWidth.MultiplyAdd(factor, left, d0);
                d1 = TWidth.MultiplyAdd(factor, right, d1);
                factor = TWidth.Create(Unsafe.Add(ref row, 4));
                e0 = TWidth.MultiplyAdd(factor, left, e0);
                e1 = TWidth.MultiplyAdd(factor, right, e1);
                factor = TWidth.Create(Unsafe.Add(ref row, 5));
                f0 = TWidth.MultiplyAdd(factor, left, f0);
                f1 = TWidth.MultiplyAdd(factor, right, f1);
                row = ref Unsafe.Add(ref row, Rows);
                column = ref Unsafe.Add(ref column, Vectors * TWidth.Lanes);
            }
        }

        return TWidth.Sum(a0) + TWidth.Sum(a1) + TWidth.Sum(b0) + TWidth.Sum(b1) + TWidth.Sum(c0) + TWidth.Sum(c1)
            + TWidth.Sum(d0) + TWidth.Sum(d1) + TWidth.Sum(e0) + TWidth.Sum(e1) + TWidth.Sum(f0) + TWidth.Sum(f1);
    }
}

/// <summary>The operations of the FMA kernels, for one vector width.</summary>
interface IVectorWidth<TVector>
    where TVector : struct
{
    static abstract int Lanes { get; }
    static abstract TVector Create(float value);
    static abstract TVector Load(ref float from);
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);
    static abstract float Sum(TVector value);
}

readonly struct Width512 : IVectorWidth<V512>
{
    public static int Lanes => V512.Count;
    public static V512 Create(float value) => Vector512.Create(value);
    public static V512 Load(ref float from) => Vector512.LoadUnsafe(ref from);
    public static V512 MultiplyAdd(V512 left, V512 right, V512 addend) => Vector512.FusedMultiplyAdd(left, right, addend);
    public static float Sum(V512 value) => Vector512.Sum(value);
}

readonly struct Width256 : IVectorWidth<V256>
{
    public static int Lanes => V256.Count;
    public static V256 Create(float value) => Vector256.Create(value);
    public static V256 Load(ref float from) => Vector256.LoadUnsafe(ref from);
    public static V256 MultiplyAdd(V256 left, V256 right, V256 addend) => Vector256.FusedMultiplyAdd(left, right, addend);
    public static float Sum(V256 value) => Vector256.Sum(value);
}

readonly struct Width128 : IVectorWidth<V128>
{
    public static int Lanes => V128.Count;
    public static V128 Create(float value) => Vector128.Create(value);
    public static V128 Load(ref float from) => Vector128.LoadUnsafe(ref from);
    public static V128 MultiplyAdd(V128 left, V128 right, V128 addend) => Vector128.FusedMultiplyAdd(left, right, addend);
    public static float Sum(V128 value) => Vector128.Sum(value);
}

readonly struct Width32 : IVectorWidth<float>
{
    public static int Lanes => 1;
    public static float Create(float value) => value;
    public static float Load(ref float from) => from;
    public static float MultiplyAdd(float left, float right, float addend) => MathF.FusedMultiplyAdd(left, right, addend);
    public static float Sum(float value) => value;
}
