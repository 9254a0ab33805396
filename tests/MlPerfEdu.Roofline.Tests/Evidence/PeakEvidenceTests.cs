using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Evidence;

public sealed class PeakEvidenceTests : IDisposable
{
    readonly TempFolder folder = new();

    static PeakEvidence Good => PeakEvidence.Of(Sample.Peaks, MachineRecord.Of(Sample.Facts), SourceState.Unknown);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sidecar_as_written_holds()
    {
        var path = new PeakCache(folder.Path).Save(Good);

        Assert.Empty(EvidenceVerifier.Verify(path));
        Assert.Matches(@"peaks-[0-9a-f]{12}_2026-01-31T12-00-00Z_[0-9a-f]{12}\.json$", path);
        Assert.NotEmpty(Good.GemmShares);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        var path = new PeakCache(folder.Path).Save(Good);
        var intact = File.ReadAllBytes(path);
        var random = new Random(5);
        for (var position = 0; position < intact.Length; position++)
        {
            var bytes = (byte[])intact.Clone();
            bytes[position] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bytes);

            Assert.True(EvidenceVerifier.Verify(path).Count > 0, $"a flip at byte {position} went unnoticed");
        }
    }

    public static TheoryData<string, Func<PeakEvidence, PeakEvidence>> Forgeries => new()
    {
        { "MLP3004", evidence => evidence with { Schema = PeakEvidence.CurrentSchema + 1 } },
        { "MLP3008", evidence => evidence with { Machine = evidence.Machine with { Class = "linux-x64-avx512-llc16m" } } },
        { "MLP3008", evidence => evidence with { Peaks = ContentHash.Seal(evidence.Peaks with { Fingerprint = new string('0', 64) }) } },
        { "MLP3009", evidence => evidence with { Peaks = evidence.Peaks with { Backend = "another" } } },
        { "MLP3014", evidence => evidence with { GemmShares = [evidence.GemmShares[0] with { Share = 0.95 }] } },
        { "MLP3014", evidence => evidence with { GemmShares = [] } },
    };

    // Sealed again, so that only what it contradicts can give it away.
    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_claim_that_does_not_follow_is_found_even_under_a_good_seal(string code, Func<PeakEvidence, PeakEvidence> forge)
    {
        var path = new PeakCache(folder.Path).Save(ContentHash.Seal(forge(Good)));

        Assert.Equal([code], EvidenceVerifier.Verify(path).Select(finding => finding.Code));
    }

    [Fact]
    public void A_renamed_file_and_another_pin_are_found()
    {
        var path = new PeakCache(folder.Path).Save(Good);
        var renamed = folder.File("peaks-000000000000_2026-01-31T12-00-00Z_000000000000.json");
        File.Move(path, renamed);

        Assert.Equal(["MLP3006"], EvidenceVerifier.Verify(renamed).Select(finding => finding.Code));
        Assert.Equal(["MLP3007", "MLP3006"], EvidenceVerifier.Verify(renamed, new string('0', 64)).Select(finding => finding.Code));
    }
}
