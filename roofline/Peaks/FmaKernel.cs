using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Fused multiply-adds in registers only: what the vector units do when nothing else is in the way.</summary>
/// <remarks>Twelve independent accumulators cover the latency of two units; one dependent chain would measure latency.</remarks>
static class FmaKernel
{
    const int Accumulators = 12;
    const float Factor = 0.999f;
    const float Addend = 0.001f;

    /// <summary>One for every width that this processor multiplies and adds in one instruction, narrowest first.</summary>
    public static IReadOnlyList<RegisterKernel> Widths { get; } =
    [
        .. Where<Width32, float>(Fma.IsSupported || AdvSimd.IsSupported),
        .. Where<Width128, Vector128<float>>(true),
        .. Where<Width256, Vector256<float>>(Vector256.IsHardwareAccelerated),
        .. Where<Width512, Vector512<float>>(Avx512F.IsSupported),
    ];

    static IEnumerable<RegisterKernel> Where<TWidth, TVector>(bool supported)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : struct
    {
        if (supported)
        {
            yield return new RegisterKernel(
                PeakKind.Fma, TWidth.Lanes, 2.0 * Accumulators * TWidth.Lanes,
                "fused multiply-adds on fp32 registers of this many bits, 2 FLOP each", Run<TWidth, TVector>);
        }
    }

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
