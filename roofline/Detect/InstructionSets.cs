using System.Runtime.Intrinsics.X86;
using Arm = System.Runtime.Intrinsics.Arm;

namespace MlPerfEdu.Roofline.Detect;

public static class InstructionSets
{
    // Those that .NET does not report, in Linux's spelling. Its kernel names AMX only where programs may ask for it.
    static readonly string[] OfTheSystem = ["amx_bf16", "amx_int8", "amx_tile", "avx512_bf16", "bf16", "i8mm", "sme", "sve", "sve2"];

    /// <summary>Those that .NET can use, and those among the system's words that .NET does not report; sorted.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> usable, IEnumerable<string> words) =>
        [.. usable.Union(words.Intersect(OfTheSystem)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Supported()
    {
        (string Name, bool Supported)[] known =
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
        return [.. known.Where(extension => extension.Supported).Select(extension => extension.Name).Order(StringComparer.Ordinal)];
    }
}
