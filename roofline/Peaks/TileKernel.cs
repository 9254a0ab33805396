using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The inner loop of a matrix product on two panels that lie packed in the first cache: six rows by two vectors of columns.</summary>
/// <remarks>What it loses against registers alone is the loads; what a product loses against it is packing, caches and threads.</remarks>
static class TileKernel
{
    const int Rows = 6;
    const int Vectors = 2;
    const int Depth = 128;
    const float Value = 0.001f;

    public static RegisterKernel Widest { get; } =
        Avx512F.IsSupported ? Of<Width512, Vector512<float>>()
        : Vector256.IsHardwareAccelerated ? Of<Width256, Vector256<float>>()
        : Of<Width128, Vector128<float>>();

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
