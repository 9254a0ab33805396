using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Tests.Detect;

public class LinuxFactsTests
{
    // Two cores with two threads each, as an x86 kernel lists them.
    static readonly string X64 = string.Concat(Enumerable.Range(0, 4).Select(processor =>
        $"processor\t: {processor}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU @ 2.20GHz\n"
        + $"physical id\t: 0\ncore id\t\t: {processor / 2}\nflags\t\t: fpu sse2 avx512_bf16 amx_bf16 amx_tile amx_int8\npower management:\n\n"));

    const string Arm64 =
        """
        processor	: 0
        BogoMIPS	: 243.75
        Features	: fp asimd sve bf16
        CPU implementer	: 0x41
        CPU part	: 0xd0c

        processor	: 1
        BogoMIPS	: 243.75
        CPU implementer	: 0x41
        CPU part	: 0xd0c

        Hardware	: A board
        Serial	: 0123
        """;

    const string MemInfo = "MemTotal:       24684096 kB\nMemFree:        21000000 kB\n";

    static readonly LinuxCache[] Caches =
    [
        new("3\n", "Unified\n", "32768K\n", "0-3,8\n"),
        new("1\n", "Instruction\n", "32K\n", "0-1\n"),
        new("1\n", "Data\n", "48K\n", "0-1\n"),
        new("2\n", "Unified\n", "1M\n", "0-1\n"),
    ];

    [Fact]
    public void A_level_that_is_no_number_is_unknown() =>
        Assert.Equal(new CacheFact(0, "unified", 1024, 2), new LinuxCache("?", "Unified\n", "1K\n", "0-1\n").Fact);

    [Fact]
    public void A_cache_of_instructions_is_never_the_last_level() =>
        Assert.Equal(
            32_000, (Sample.Facts with { Caches = [new(1, "data", 32_000, 1), new(2, "instruction", 64_000, 1)] }).LastLevelCacheBytes);

    [Fact]
    public void X64_with_two_threads_per_core()
    {
        var facts = LinuxFacts.Parse("x64", X64, MemInfo, Caches, ["avx2"], availableThreads: 3);

        Assert.Equal(("linux", "x64", "GenuineIntel", "Intel(R) Xeon(R) CPU @ 2.20GHz"), (facts.OsFamily, facts.Architecture, facts.CpuVendor, facts.CpuModel));
        Assert.Equal((2, 4, 3), (facts.PhysicalCores, facts.LogicalCores, facts.AvailableThreads));
        Assert.Equal(["amx_bf16", "amx_int8", "amx_tile", "avx2", "avx512_bf16"], facts.Isa);
        Assert.Equal(24684096L * 1024, facts.MemoryBytes);
        Assert.Equal(
            [new(1, "data", 48 << 10, 2), new(1, "instruction", 32 << 10, 2), new(2, "unified", 1 << 20, 2), new(3, "unified", 32 << 20, 5)],
            facts.Caches);
        Assert.Equal(32 << 20, facts.LastLevelCacheBytes);
    }

    [Fact]
    public void Arm64_names_its_parts_by_number_and_its_board_is_no_processor()
    {
        var facts = LinuxFacts.Parse("arm64", Arm64, MemInfo, [], ["advsimd"], 2);

        Assert.Equal(("0x41", "0xd0c", 2, 2), (facts.CpuVendor, facts.CpuModel, facts.PhysicalCores, facts.LogicalCores));
        Assert.Equal(["advsimd", "bf16", "sve"], facts.Isa);
        Assert.Null(facts.LastLevelCacheBytes);
    }

    [Fact]
    public void What_a_container_hides_is_unknown()
    {
        var facts = LinuxFacts.Parse("x64", "", "", [new("", "", "", "")], [], 1);

        Assert.Equal(("unknown", "unknown", 0L, 1), (facts.CpuVendor, facts.CpuModel, facts.MemoryBytes, facts.LogicalCores));
        Assert.Empty(facts.Isa);
    }

    [Fact]
    public void This_machine_answers()
    {
        var facts = Machine.Facts();

        Assert.True(facts.LogicalCores >= 1 && facts.MemoryBytes > 1 << 28, facts.ToString());
        Assert.Contains($"-{facts.Architecture}-", MachineClass.Of(facts), StringComparison.Ordinal);
    }
}

public class ByteSizeTests
{
    [Theory]
    [InlineData("48K\n", 49_152)]
    [InlineData("3M", 3_145_728)]
    [InlineData("2G", 2_147_483_648)]
    [InlineData(" 24037180 kB ", 24_614_072_320)]
    [InlineData("512", 512)]
    [InlineData("7 B", 7)]
    [InlineData("", 0)]
    [InlineData("K", 0)]
    [InlineData("99999999999999999999K", 0)]
    public void Units_are_powers_of_1024_and_what_is_no_number_is_0(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));
}
