using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class VerifyTests
{
    const string At = "2026-01-31T12-00-00Z";

    [Fact]
    public void A_flipped_byte_is_found_and_the_file_named()
    {
        using var clone = new Clone();
        var sidecar = clone.Measured(Clone.First, At);
        var bytes = File.ReadAllBytes(sidecar);
        for (var place = 0; place < bytes.Length; place += 97)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[place] ^= 1;
            File.WriteAllBytes(sidecar, flipped);
            var answer = Answer.To(clone, "verify");
            Assert.Equal(1, answer.Exit);
            Assert.Contains(Path.GetFileName(sidecar), answer.Out);
        }

        File.WriteAllBytes(sidecar, bytes);
        Assert.Equal(0, Answer.To(clone, "verify").Exit);
    }

    [Fact]
    public void A_sidecar_of_peaks_is_checked_like_any_other()
    {
        using var clone = new Clone();
        var machine = MachineRecord.Of(SampleEvidence.Facts);
        var sidecar = new PeakCache(clone.Cache).Save(PeakEvidence.Of(SampleEvidence.Peaks, machine, SourceState.Unknown));
        Assert.Equal(0, Answer.To(clone, ["verify", clone.Cache]).Exit);
        var bytes = File.ReadAllBytes(sidecar);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(sidecar, bytes);
        var answer = Answer.To(clone, ["verify", clone.Cache]);
        Assert.Equal(1, answer.Exit);
        Assert.Contains(Path.GetFileName(sidecar), answer.Out);
    }

    [Theory]
    [InlineData("bytes_per_step: 2000", "bytes_per_step: 2001", "MLP2042")]
    [InlineData("value: cache_resident", "value: dram_bound", "MLP2042")]
    [InlineData("measured_at: 2026-01-31", "measured_at: 2026-01-30", "MLP2042")]
    [InlineData("evidence_sidecar: roofline/evidence/", "evidence_sidecar: elsewhere/", "MLP2040")]
    [InlineData("Z_", "Z_0", "MLP2041")]
    public void A_regime_block_that_differs_from_its_sidecar_is_found(string found, string instead, string code)
    {
        using var clone = Accepted();
        var yaml = File.ReadAllText(clone.Repository.WorkloadsYaml);
        Assert.Contains(found, yaml);
        File.WriteAllText(clone.Repository.WorkloadsYaml, yaml.Replace(found, instead));
        var answer = Answer.To(clone, "verify");
        Assert.Equal(1, answer.Exit);
        Assert.Contains($"error {code}: workloads/workloads.yaml(", answer.Out);
    }

    [Fact]
    public void A_pinned_hash_that_is_not_the_sidecar_s_is_found()
    {
        using var clone = Accepted();
        var sha = clone.Entry(Clone.First).Regimes[SampleEvidence.MachineClass].EvidenceSha256;
        File.WriteAllText(clone.Repository.WorkloadsYaml, File.ReadAllText(clone.Repository.WorkloadsYaml).Replace(sha, new string('0', 64)));
        var answer = Answer.To(clone, "verify");
        Assert.Equal(1, answer.Exit);
        Assert.Contains(sha, answer.Out);
    }

    [Fact]
    public void An_entry_that_was_reworded_is_a_remark()
    {
        using var clone = Accepted();
        File.WriteAllText(clone.Repository.WorkloadsYaml, File.ReadAllText(clone.Repository.WorkloadsYaml).Replace("epochs: 2", "epochs: 3"));
        var answer = Answer.To(clone, "verify");
        Assert.Equal(0, answer.Exit);
        Assert.Contains("remark MLP2043", answer.Out);
    }

    [Fact]
    public void Only_the_named_paths_are_checked()
    {
        using var clone = new Clone();
        var good = clone.Measured(Clone.First, At);
        File.WriteAllText(clone.Measured(Clone.Second, At), "{}");
        Assert.Equal(0, Answer.To(clone, ["verify", good]).Exit);
        Assert.Equal(1, Answer.To(clone, ["verify", clone.Repository.NewEvidenceFolder]).Exit);
    }

    static Clone Accepted()
    {
        var clone = new Clone();
        clone.Measured(Clone.First, At);
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
        return clone;
    }
}
