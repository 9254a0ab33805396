using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Tests.Detect;

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
