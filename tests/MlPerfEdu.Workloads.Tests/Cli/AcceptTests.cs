using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Engine;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class AcceptTests
{
    const string Older = "2026-01-30T12-00-00Z";
    const string Newer = "2026-01-31T12-00-00Z";
    static readonly string[] Kept = ["roofline", "snapshots", "workloads"];

    [Fact]
    public void Writes_sidecar_snapshots_and_regime_block_and_nothing_else()
    {
        using var clone = new Clone();
        var yaml = File.ReadAllText(clone.Repository.WorkloadsYaml);
        var sidecar = clone.Measured(Clone.First, Newer);
        var answer = Answer.To(clone, "accept first-workload");
        Assert.Equal(0, answer.Exit);

        var name = Path.GetFileName(sidecar);
        var content = clone.Content(Kept);
        Assert.Equal(
            [
                $"roofline/evidence/{SampleEvidence.MachineClass}/{name}",
                $"snapshots/{SampleEvidence.MachineClass}/first-workload.verified.txt",
                "snapshots/portable/first-workload.synthetic-strokes.verified.txt",
                "workloads/workloads.yaml",
            ],
            content.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllBytes(sidecar), File.ReadAllBytes(Path.Combine(clone.Repository.EvidenceFolder(SampleEvidence.MachineClass), name)));

        var block = clone.Entry(Clone.First).Regimes[SampleEvidence.MachineClass];
        Assert.Equal(EvidenceFile.Read(sidecar).ContentSha256, block.EvidenceSha256);
        Assert.Empty(clone.Entry(Clone.Second).Regimes);
        // Every line of before is still there, in its order.
        var after = File.ReadAllLines(clone.Repository.WorkloadsYaml).AsEnumerable().GetEnumerator();
        Assert.All(yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
        {
            while (after.MoveNext() && after.Current != line)
            {
            }

            Assert.Equal(line, after.Current);
        });
        Assert.Equal(0, Answer.To(clone, "verify").Exit);
    }

    [Fact]
    public void Stopped_after_any_write_everything_is_valid_and_accepting_again_finishes()
    {
        using var whole = Accepted(Older);
        whole.Measured(Clone.First, Newer);
        Assert.Equal(0, Answer.To(whole, "accept first-workload").Exit);
        var finished = whole.Content(Kept);
        Assert.DoesNotContain(finished.Keys, path => path.Contains(Older));

        var steps = int.MaxValue;
        for (var done = 0; done < steps; done++)
        {
            using var clone = Accepted(Older);
            var sidecar = clone.Measured(Clone.First, Newer);
            var plan = new AcceptPlan(clone.Repository, clone.Entry(Clone.First), sidecar, EvidenceFile.Read(sidecar)).Steps().ToList();
            steps = plan.Count;
            foreach (var step in plan.Take(done))
                step.Run();

            var verify = Answer.To(clone, "verify");
            Assert.True(verify.Exit == 0, $"after {done} writes: {verify.Out}");
            Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
            Assert.Equal(finished, clone.Content(Kept));
        }

        Assert.Equal(5, steps);
    }

    [Fact]
    public void Takes_the_newest_that_passed_of_this_entry_and_machine_class()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, Older);
        clone.Measured(Clone.First, Newer, record => Failing(record));
        clone.Measured(Clone.First, "2026-02-01T12-00-00Z", record => record with { Workload = record.Workload with { EntrySha256 = new string('0', 64) } });
        clone.Measured(Clone.Second, "2026-02-02T12-00-00Z");
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
        Assert.Equal(Older, clone.Entry(Clone.First).Regimes[SampleEvidence.MachineClass].MeasuredAt);
    }

    [Fact]
    public void Refuses_what_must_not_become_a_baseline()
    {
        using var clone = new Clone();
        var before = clone.Content(Kept);
        Refused(clone.Measured(Clone.Second, Older), "MLP2023", forced: true);
        Refused(EvidenceFile.Write(clone.Repository.NewEvidenceFolder, SampleEvidence.OfExperiment("cache-probe", Older)).Path, "MLP2023", forced: true);
        Refused(clone.Measured(Clone.First, Older, record => record with { Workload = record.Workload with { EntrySha256 = new string('0', 64) } }), "MLP2022", forced: true);
        Refused(clone.Measured(Clone.First, Older, record => SampleEvidence.On(record, record.Machine.Facts with { Isa = ["avx512f"] })), "MLP2024", forced: true);
        Refused(clone.Measured(Clone.First, Newer, record => Failing(record)), "MLP2025", forced: false);
        var damaged = clone.Measured(Clone.First, Newer);
        File.WriteAllText(damaged, File.ReadAllText(damaged).Replace("\"seed\": 1", "\"seed\": 2"));
        Refused(damaged, "MLP2021", forced: true);
        Assert.Equal(before, clone.Content(Kept));

        void Refused(string sidecar, string code, bool forced)
        {
            var answer = Answer.To(clone, ["accept", Clone.First, "--evidence", sidecar, .. forced ? ["--force"] : Array.Empty<string>()]);
            Assert.NotEqual(0, answer.Exit);
            Assert.StartsWith($"error {code}", answer.Error);
        }
    }

    [Fact]
    public void Force_takes_a_failed_verdict_and_says_so()
    {
        using var clone = new Clone();
        var sidecar = clone.Measured(Clone.First, Newer, record => Failing(record));
        var answer = Answer.To(clone, ["accept", Clone.First, "--evidence", sidecar, "--force"]);
        Assert.Equal(0, answer.Exit);
        Assert.Contains("although quality accuracy: NO", answer.Error);
    }

    [Fact]
    public async Task Writes_the_bytes_that_Verify_writes()
    {
        using var clone = Accepted(Newer);
        var ours = Path.Combine(clone.Repository.SnapshotsFolder, "portable", "first-workload.synthetic-strokes.verified.txt");
        var text = NormalisedEvidence.Portable(SampleEvidence.Of(clone.Entry(Clone.First), Newer));
        var theirs = Directory.CreateDirectory(Path.Combine(clone.Repository.Root, "theirs")).FullName;
        await Verifier.Verify(text).UseDirectory(theirs).UseFileName("it").AutoVerify();
        Assert.Equal(File.ReadAllBytes(Path.Combine(theirs, "it.verified.txt")), File.ReadAllBytes(ours));
    }

    static Clone Accepted(string at)
    {
        var clone = new Clone();
        clone.Measured(Clone.First, at);
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
        return clone;
    }

    static EvidenceRecord Failing(EvidenceRecord record) => SampleEvidence.Scored(record, 0.5);
}
