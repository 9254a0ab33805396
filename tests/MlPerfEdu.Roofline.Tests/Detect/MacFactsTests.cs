using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Tests.Detect;

/// <summary>On text in the format of sysctl; no Mac was at hand.</summary>
public class MacFactsTests
{
    const string AppleSilicon =
        """
        machdep.cpu.cores_per_package: 10
        machdep.cpu.brand_string: Apple M1 Pro
        hw.ncpu: 10
        hw.physicalcpu: 10
        hw.logicalcpu: 10
        hw.memsize: 17179869184
        hw.l1icachesize: 131072
        hw.l1dcachesize: 65536
        hw.l2cachesize: 4194304
        hw.perflevel0.l1icachesize: 196608
        hw.perflevel0.l1dcachesize: 131072
        hw.perflevel0.l2cachesize: 12582912
        hw.perflevel0.cpusperl2: 4
        hw.optional.arm.FEAT_BF16: 1
        hw.optional.arm.FEAT_I8MM: 1
        hw.optional.arm.FEAT_LSE: 1
        hw.optional.arm.FEAT_SME: 0
        """;

    const string Intel =
        """
        machdep.cpu.vendor: GenuineIntel
        machdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz
        hw.physicalcpu: 6
        hw.logicalcpu: 12
        hw.memsize: 34359738368
        hw.l1dcachesize: 32768
        hw.l2cachesize: 262144
        hw.l3cachesize: 12582912
        """;

    [Fact]
    public void Apple_processors_answer_for_their_fast_cores()
    {
        var facts = MacFacts.Parse("arm64", AppleSilicon, ["advsimd"], 10);

        Assert.Equal(("macos", "Apple", "Apple M1 Pro", 10, 10), (facts.OsFamily, facts.CpuVendor, facts.CpuModel, facts.PhysicalCores, facts.LogicalCores));
        Assert.Equal([new(1, "data", 131072, 0), new(1, "instruction", 196608, 0), new(2, "unified", 12582912, 4)], facts.Caches);
        Assert.Equal(["advsimd", "bf16", "i8mm"], facts.Isa);
        Assert.Equal((12582912L, 17179869184L), (facts.LastLevelCacheBytes, facts.MemoryBytes));
    }

    [Fact]
    public void Intel_processors_have_a_third_level()
    {
        var facts = MacFacts.Parse("x64", Intel, ["avx2"], 12);

        Assert.Equal(("GenuineIntel", 6, 12, 12582912L), (facts.CpuVendor, facts.PhysicalCores, facts.LogicalCores, facts.LastLevelCacheBytes));
    }

    [Fact]
    public void Silence_is_unknown() => Assert.Equal("unknown", MacFacts.Parse("x64", "", [], 1).CpuModel);
}
