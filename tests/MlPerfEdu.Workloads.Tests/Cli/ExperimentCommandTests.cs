using System.Text.Json;
using MlPerfEdu.Cli;
using MlPerfEdu.Engine;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>An experiment through every command: asked for real, with few and small sizes.</summary>
public sealed class ExperimentCommandTests : IDisposable
{
    const string Entry =
        """

          asked:
            cache-probe:
              experiment: Where does it fall?
              tier: quick
              geometry: { points_per_octave_near: 2, points_per_octave_far: 1, largest_llc_multiple: 1, repeats: 2, sample_mb: 1 }
              checks: [{ metric: fewest_samples, at_least: 2 }]
              errata: [{ field: metric, seed_value: GFLOPS/MB, found: inverse latency, ours: GB/s }]
        """;

    const string Older = "2026-01-30T12-00-00Z";
    const string Newer = "2026-01-31T12-00-00Z";

    readonly Clone clone = new();

    public ExperimentCommandTests() =>
        clone.Write("workloads/workloads.yaml", File.ReadAllText(clone.Repository.WorkloadsYaml).TrimEnd() + Entry + "\n");

    public void Dispose() => clone.Dispose();

    [Fact]
    public void A_run_answers_with_tables_checks_and_evidence_that_verifies()
    {
        var answer = Ask();

        Assert.Equal(0, answer.Exit);
        Assert.Contains("cache-probe: Where does it fall?", answer.Out, StringComparison.Ordinal);
        Assert.Contains("| set ", answer.Out, StringComparison.Ordinal);
        Assert.Contains("fewest_samples         2  ≥ 2       PASS", answer.Out, StringComparison.Ordinal);
        Assert.Contains("all hold", Answer.To(clone, "verify").Out, StringComparison.Ordinal);
        Assert.Contains("Streaming speed", Answer.To(clone, "show cache-probe").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missed_check_fails_the_run()
    {
        Reword();
        var answer = Answer.To(clone, "run cache-probe --json");

        Assert.Equal(1, answer.Exit);
        var experiment = answer.Json.GetProperty("experiments")[0];
        Assert.False(experiment.GetProperty("passed").GetBoolean());
        Assert.False(experiment.GetProperty("checks")[0].GetProperty("met").GetBoolean());
    }

    [Fact]
    public void What_cannot_be_asked_here_is_skipped_with_the_reason()
    {
        RunExperiment unavailable = (_, _, _, _) => throw new NotAvailableException("there is no such engine");
        var answer = Answer.To(clone, ["run", "cache-probe", "--json"], services => services with { Experiments = _ => unavailable });
        var experiment = answer.Json.GetProperty("experiments")[0];

        Assert.Equal(0, answer.Exit);
        Assert.Contains("cache-probe: skipped, because there is no such engine.", answer.Error, StringComparison.Ordinal);
        Assert.Equal("there is no such engine", experiment.GetProperty("skipped").GetString());
        Assert.Equal(JsonValueKind.Null, experiment.GetProperty("sidecar").ValueKind);
    }

    [Fact]
    public void A_metric_that_does_not_follow_from_the_points_is_found_even_under_a_good_seal()
    {
        Ask();
        var path = Sidecar();
        var record = CanonicalJson.Deserialize<ExperimentRecord>(File.ReadAllBytes(path));
        File.Delete(path);
        EvidenceFile.Write(clone.Repository.NewEvidenceFolder, record with
        {
            Metrics = record.Metrics.ToDictionary(metric => metric.Key, metric => metric.Key == "sizes" ? 1000 : metric.Value),
        });
        var answer = Answer.To(clone, "verify");

        Assert.Equal(1, answer.Exit);
        Assert.Contains("MLP3013", answer.Out, StringComparison.Ordinal);
        Assert.Contains("sizes 1000", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void One_flipped_byte_is_found()
    {
        Ask();
        var path = Sidecar();
        var bytes = File.ReadAllBytes(path);
        var random = new Random(3);
        for (var turn = 0; turn < 40; turn++)
        {
            var at = random.Next(bytes.Length);
            var bit = (byte)(1 << random.Next(8));
            bytes[at] ^= bit;
            File.WriteAllBytes(path, bytes);
            Assert.Equal((at, 1), (at, Answer.To(clone, "verify").Exit));
            bytes[at] ^= bit;
        }
    }

    [Fact]
    public void The_list_has_its_question_and_what_is_for_workloads_refuses_it()
    {
        Assert.Contains("Where does it fall?", Answer.To(clone, "list --suite asked").Out, StringComparison.Ordinal);
        Assert.Contains("MLP2015", Answer.To(clone, "compare pytorch cache-probe").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Accept_keeps_its_sidecar_and_snapshot_and_nothing_else()
    {
        var yaml = File.ReadAllText(clone.Repository.WorkloadsYaml);
        var sidecar = Answered(Older);
        var answer = Answer.To(clone, "accept cache-probe --json");

        Assert.Equal(0, answer.Exit);
        Assert.Equal(SampleEvidence.MachineClass, answer.Json.GetProperty("machine_class").GetString());
        Assert.Equal(
            [$"roofline/evidence/{SampleEvidence.MachineClass}/{Path.GetFileName(sidecar)}", "snapshots/portable/cache-probe.verified.txt"],
            clone.Content("roofline", "snapshots").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(yaml, File.ReadAllText(clone.Repository.WorkloadsYaml));
        var baseline = Path.Combine(clone.Repository.EvidenceFolder(SampleEvidence.MachineClass), Path.GetFileName(sidecar));
        Assert.Equal(File.ReadAllBytes(sidecar), File.ReadAllBytes(baseline));

        File.Delete(sidecar);
        Assert.EndsWith("1 sidecar checked: all hold.\n", Answer.To(clone, "verify").Out);
        Assert.Contains(Path.GetFileName(baseline), Answer.To(clone, "show cache-probe").Out, StringComparison.Ordinal);
        Reword();
        Assert.Contains("remark MLP2043", Answer.To(clone, "verify").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Accepting_another_answer_replaces_the_first_and_stopped_anywhere_finishes_when_repeated()
    {
        var first = Answered(Older);
        Answer.To(clone, "accept cache-probe");
        var before = clone.Content("roofline", "snapshots");
        var second = Answered(Newer);
        Assert.Equal(0, Answer.To(clone, "accept cache-probe").Exit);
        var after = clone.Content("roofline", "snapshots");
        Assert.Contains(after.Keys, path => path.Contains(Newer, StringComparison.Ordinal));
        Assert.DoesNotContain(after.Keys, path => path.Contains(Older, StringComparison.Ordinal));

        // The old one is still there, as if the delete had not been reached.
        clone.Write(before.Keys.First(), File.ReadAllText(first));
        var verify = Answer.To(clone, "verify");
        Assert.Equal(0, verify.Exit);
        Assert.Contains("remark MLP2044", verify.Out, StringComparison.Ordinal);
        Assert.Equal(0, Answer.To(clone, ["accept", "cache-probe", "--evidence", second]).Exit);
        Assert.Equal(after, clone.Content("roofline", "snapshots"));
    }

    [Fact]
    public void Accept_refuses_what_must_not_become_a_baseline()
    {
        Answered(Older, record => record with { Machine = MachineRecord.Of(SampleEvidence.Facts with { Isa = ["avx512f"] }) });
        Assert.StartsWith("error MLP2020", Answer.To(clone, "accept cache-probe").Error);
        Refused(Sidecar(), "MLP2024");
        Refused(clone.Measured(Clone.First, Older), "MLP2023");
        File.Delete(Sidecar());

        Reword();
        var missed = Answered(Older);
        Assert.StartsWith("error MLP2020", Answer.To(clone, "accept cache-probe").Error);
        Refused(missed, "MLP2025");
        Assert.Empty(clone.Content("roofline", "snapshots"));
        var forced = Answer.To(clone, "accept cache-probe --force");
        Assert.Equal(0, forced.Exit);
        Assert.Contains("although fewest_samples", forced.Error, StringComparison.Ordinal);

        Reword("at_least: 3 }", "at_least: 4 }");
        Refused(missed, "MLP2022");
        File.WriteAllText(missed, File.ReadAllText(missed).Replace("sum of a set", "some of a set", StringComparison.Ordinal));
        Refused(missed, "MLP2021");

        void Refused(string sidecar, string code) =>
            Assert.StartsWith($"error {code}", Answer.To(clone, ["accept", "cache-probe", "--evidence", sidecar]).Error);
    }

    [Fact]
    public void A_sidecar_from_before_classes_knew_caches_holds()
    {
        Answered(Older, record => record with { Machine = record.Machine with { Class = "linux-x64-avx2" } });
        Assert.Equal(0, Answer.To(clone, "verify").Exit);
        Answered(Newer, record => record with { Machine = record.Machine with { Class = "linux-x64-avx512" } });
        Assert.Contains("MLP3008", Answer.To(clone, "verify").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_draws_what_plot_draws()
    {
        Assert.Contains("Plot: artifacts/evidence/cache-probe_", Ask().Out, StringComparison.Ordinal);
        var drawn = clone.Content("artifacts/evidence");
        var answer = Answer.To(clone, "plot");

        Assert.Equal(0, answer.Exit);
        Assert.Contains("Streaming over sets of growing size", answer.Out, StringComparison.Ordinal);
        Assert.Contains(".cache.svg", answer.Out, StringComparison.Ordinal);
        Assert.Equal(drawn, clone.Content("artifacts/evidence"));
        Assert.True(File.Exists(Path.ChangeExtension(Sidecar(), ".cache.svg")));
    }

    [Fact]
    public void A_plot_is_ascii_off_a_terminal_and_with_NO_COLOR()
    {
        Ask();
        var terminal = Answer.To(clone, ["plot"], services => services with { OutWidth = 100 });
        var plain = Answer.To(clone, ["plot"], services => services with { OutWidth = 100 }, new() { ["NO_COLOR"] = "1" });

        Assert.Contains(terminal.Out, letter => letter is > '\u2800' and < '\u2900');
        Assert.All(plain.Out + Answer.To(clone, "plot").Out, letter => Assert.True(char.IsAscii(letter), $"{letter}"));
    }

    [Fact]
    public void What_answers_another_wording_is_not_drawn()
    {
        Ask();
        Reword();

        var plot = Answer.To(clone, "plot cache-probe").Error;
        Assert.Contains("MLP2062", plot, StringComparison.Ordinal);
        Assert.Contains("was measured for an earlier version of its entry", plot, StringComparison.Ordinal);
        var diff = Answer.To(clone, ["diff", Sidecar(), Sidecar()]);
        Assert.Contains("nothing got worse; undecided: findings", diff.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_answers_are_compared_by_what_follows_from_their_points()
    {
        Ask();
        var before = Sidecar();
        var record = CanonicalJson.Deserialize<ExperimentRecord>(File.ReadAllBytes(before));
        var folder = Path.Combine(clone.Repository.Root, "after");
        var after = EvidenceFile.Write(folder, record with { MeasuredAt = "2026-02-01T12-00-00Z" }).Path;
        var same = Answer.To(clone, ["diff", before, after]);
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        var sets = Answer.To(clone, ["diff", clone.Repository.NewEvidenceFolder, folder, "--json"]);

        Assert.Equal(0, same.Exit);
        Assert.Contains("cache-probe: nothing", same.Out, StringComparison.Ordinal);
        Assert.Equal("cache-probe", sets.Json.GetProperty("pairs")[0].GetProperty("workload").GetString());
        Assert.Equal(Clone.First, sets.Json.GetProperty("only_before")[0].GetString());
    }

    [Fact]
    public void A_damaged_answer_is_not_compared()
    {
        Ask();
        var path = Sidecar();
        // Still a record, but without the points that its findings follow from.
        File.WriteAllText(path, File.ReadAllText(path).Replace("sum of a set", "some of a set", StringComparison.Ordinal));

        Assert.Contains("MLP3005", Answer.To(clone, ["diff", path, path]).Error, StringComparison.Ordinal);
        Assert.Equal(1, Answer.To(clone, ["verify", path]).Exit);
    }

    void Reword(string found = "at_least: 2 }", string instead = "at_least: 3 }") => clone.Write(
        "workloads/workloads.yaml",
        File.ReadAllText(clone.Repository.WorkloadsYaml).Replace(found, instead, StringComparison.Ordinal));

    string Sidecar() => Directory.GetFiles(clone.Repository.NewEvidenceFolder, "cache-probe_*.json").Single();

    /// <summary>An answer of the sample machine.</summary>
    string Answered(string at, Func<ExperimentRecord, ExperimentRecord>? change = null)
    {
        Ask();
        var path = Directory.GetFiles(clone.Repository.NewEvidenceFolder, "cache-probe_*.json").Order(StringComparer.Ordinal).Last();
        var record = CanonicalJson.Deserialize<ExperimentRecord>(File.ReadAllBytes(path)) with
        {
            MeasuredAt = at,
            Machine = MachineRecord.Of(SampleEvidence.Facts),
        };
        File.Delete(path);
        return EvidenceFile.Write(clone.Repository.NewEvidenceFolder, change is null ? record : change(record)).Path;
    }

    Answer Ask() => Answer.To(clone, ["run", "cache-probe"]);
}
