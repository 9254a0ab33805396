using System.Runtime.Intrinsics.X86;
using Arm = System.Runtime.Intrinsics.Arm;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>The vector extensions that .NET can use on this processor.</summary>
public static class InstructionSets
{
    public static IReadOnlyList<string> Supported() =>
    [
        .. Known().Where(extension => extension.Supported).Select(extension => extension.Name).Order(StringComparer.Ordinal),
    ];

    static IEnumerable<(string Name, bool Supported)> Known() =>
    [
        ("sse2", Sse2.IsSupported),
        ("sse4.2", Sse42.IsSupported),
        ("avx", Avx.IsSupported),
        ("avx2", Avx2.IsSupported),
        ("fma", Fma.IsSupported),
        ("bmi2", Bmi2.IsSupported),
        ("avxvnni", AvxVnni.IsSupported),
        ("avx512f", Avx512F.IsSupported),
        ("avx512bw", Avx512BW.IsSupported),
        ("avx512cd", Avx512CD.IsSupported),
        ("avx512dq", Avx512DQ.IsSupported),
        ("avx512vbmi", Avx512Vbmi.IsSupported),
        ("advsimd", Arm.AdvSimd.IsSupported),
        ("dotprod", Arm.Dp.IsSupported),
        ("rdm", Arm.Rdm.IsSupported),
        ("armaes", Arm.Aes.IsSupported),
    ];
}
