using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Tests.Detect;

public class MachineClassTests
{
    const long MiB = 1 << 20;

    [Theory]
    [InlineData("linux", "x64", "amx_tile,avx2,avx512f", 300 * MiB, "linux-x64-amx-llc256m")]
    [InlineData("linux", "x64", "avx2,avx512f", 32 * MiB, "linux-x64-avx512-llc32m")]
    [InlineData("linux", "x64", "avx,avx2,fma,sse2", 32 * MiB, "linux-x64-avx2-llc32m")]
    [InlineData("linux", "x64", "avx,sse2", 3 * MiB, "linux-x64-avx-llc2m")]
    [InlineData("linux", "x64", "sse2", 0, "linux-x64-sse2-llcunknown")]
    [InlineData("linux", "arm64", "advsimd,bf16,sme,sve", 64 * MiB, "linux-arm64-sme-llc64m")]
    [InlineData("linux", "arm64", "advsimd,sve", 36 * MiB, "linux-arm64-sve-llc32m")]
    [InlineData("linux", "arm64", "advsimd", 512 << 10, "linux-arm64-neon-llc512k")]
    [InlineData("macos", "arm64", "advsimd", 16 * MiB, "osx-arm64-neon-llc16m")]
    [InlineData("windows", "x64", "avx2", 12 * MiB, "win-x64-avx2-llc8m")]
    [InlineData("other", "riscv64", "", MiB, "other-riscv64-scalar-llc1m")]
    public void Names_system_architecture_widest_instructions_and_last_level_cache(string os, string architecture, string isa, long cache, string expected) =>
        Assert.Equal(expected, MachineClass.Of(Facts(os, architecture, isa, cache)));

    [Theory]
    [InlineData(32 * MiB - 1, "16m")]
    [InlineData(32 * MiB, "32m")]
    [InlineData(64 * MiB - 1, "32m")]
    [InlineData(MiB - 1, "512k")]
    [InlineData(1 << 10, "1k")]
    [InlineData((1 << 10) - 1, "unknown")]
    public void The_cache_is_the_largest_power_of_two_that_fits(long bytes, string expected) =>
        Assert.EndsWith($"-llc{expected}", MachineClass.Of(Facts("linux", "x64", "avx2", bytes)), StringComparison.Ordinal);

    [Fact]
    public void Without_a_cache_its_size_is_unknown() =>
        Assert.Equal("linux-x64-avx2-llcunknown", MachineClass.Of(Sample.Facts with { Caches = [] }));

    [Theory]
    [InlineData("linux", "x64", "amx_tile,avx2,avx512f", "linux-x64-avx512", true)]
    [InlineData("linux", "x64", "avx2", "linux-x64-avx2", true)]
    [InlineData("linux", "x64", "avx2", "linux-x64-avx2-llc32m", true)]
    [InlineData("linux", "x64", "avx2", "linux-x64-avx512", false)]
    [InlineData("linux", "x64", "avx2", "linux-x64", false)]
    [InlineData("linux", "x64", "avx2", "linux-x64-avx2-llc16m", false)]
    [InlineData("macos", "arm64", "advsimd", "macos-arm64", true)]
    [InlineData("linux", "arm64", "advsimd", "linux-arm64", true)]
    public void A_sidecar_may_name_the_class_as_it_was_called_before(string os, string architecture, string isa, string named, bool fits) =>
        Assert.Equal(fits, MachineClass.Fits(named, Facts(os, architecture, isa, 32 * MiB)));

    static MachineFacts Facts(string os, string architecture, string isa, long cache) => Sample.Facts with
    {
        OsFamily = os,
        Architecture = architecture,
        Isa = isa.Split(','),
        Caches = [new(1, "data", 32 << 10, 1), new(3, "unified", cache, 1)],
    };
}

public class FingerprintTests
{
    static readonly string Of = Fingerprint.Of(Sample.Facts);

    [Fact]
    public void Is_a_sha256_that_repeats()
    {
        Assert.Matches("^[0-9a-f]{64}$", Of);
        Assert.Equal(Of, Fingerprint.Of(Sample.Facts with { }));
    }

    [Fact]
    public void Changes_with_every_hardware_fact()
    {
        MachineFacts[] others =
        [
            Sample.Facts with { OsFamily = "macos" },
            Sample.Facts with { Architecture = "arm64" },
            Sample.Facts with { CpuVendor = "Other" },
            Sample.Facts with { CpuModel = "Model 10" },
            Sample.Facts with { Isa = ["avx2"] },
            Sample.Facts with { PhysicalCores = 3 },
            Sample.Facts with { LogicalCores = 5 },
            Sample.Facts with { Caches = [.. Sample.Facts.Caches.Skip(1)] },
            Sample.Facts with { MemoryBytes = 8L << 30 },
        ];

        Assert.Equal(others.Length + 1, others.Select(Fingerprint.Of).Append(Of).Distinct().Count());
    }

    [Fact]
    public void Ignores_what_changes_between_runs()
    {
        Assert.Equal(Of, Fingerprint.Of(Sample.Facts with { AvailableThreads = 1 }));
        Assert.Equal(Of, Fingerprint.Of(Sample.Facts with { MemoryBytes = Sample.Facts.MemoryBytes - (100L << 20) }));
    }
}
