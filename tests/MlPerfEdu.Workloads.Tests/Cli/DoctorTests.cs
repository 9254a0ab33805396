using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class DoctorTests
{
    static readonly TorchFacts Good = new("0.107.0", "2.10.0", false, 2, 2);

    [Fact]
    public void Good_torch_is_all_OK() => Assert.All(TorchChecks.Of(Good, _ => null), checkup => Assert.Equal(Health.Ok, checkup.Health));

    [Fact]
    public void One_thread_of_two_is_a_warning() => Finds(Good with { Threads = 1 }, "threads", Health.Warn, "OMP_NUM_THREADS");

    [Fact]
    public void More_threads_than_processors_are_a_warning() => Finds(Good with { Threads = 8 }, "threads", Health.Warn, "OMP_NUM_THREADS");

    [Fact]
    public void A_clock_before_the_newest_evidence_is_a_warning()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var clock = MachineChecks.Of(SampleEvidence.Facts, 8L << 30, 1e9, now, "2026-01-31T12-00-00Z").Single(checkup => checkup.Subject == "clock");
        Assert.Equal(Health.Warn, clock.Health);
    }

    [Fact]
    public void Too_little_memory_is_a_warning()
    {
        var memory = MachineChecks.Of(SampleEvidence.Facts, 1 << 20, 1e9, DateTimeOffset.UtcNow, null).Single(checkup => checkup.Subject == "free memory");
        Assert.Equal(Health.Warn, memory.Health);
    }

    [Fact]
    public void A_broken_libtorch_does_not_keep_the_other_checks_from_running()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, ["doctor"], services => services with { Torch = () => throw new DllNotFoundException("no libtorch") });
        Assert.Equal(4, answer.Exit);
        Assert.Contains("no libtorch", answer.Out);
        Assert.Contains("workloads.yaml", answer.Out);
        Assert.Contains("free disk", answer.Out);
    }

    [Fact]
    public void Without_Open_MPI_it_says_what_to_install()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, ["doctor"]);
        Assert.Equal("warn", Check(clone, "Open MPI"));
        Assert.Contains("apt-get install openmpi-bin", answer.Out);
    }

    [Theory]
    [InlineData("workloads/workloads.yaml", "bogus: 1\n", "workloads.yaml")]
    [InlineData("artifacts/evidence/first-workload_2026-01-31T12-00-00Z_000000000000.json", "{}", "evidence")]
    public void Broken_files_of_the_clone_fail(string path, string content, string subject)
    {
        using var clone = new Clone();
        clone.Write(path, content);
        Assert.Equal("fail", Check(clone, subject));
    }

    [Fact]
    public void A_snapshot_that_is_not_the_baseline_s_is_a_warning()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
        Assert.Equal("ok", Check(clone, "snapshots"));
        File.AppendAllText(Path.Combine(clone.Repository.SnapshotsFolder, "portable", "first-workload.synthetic-strokes.verified.txt"), "more");
        Assert.Equal("warn", Check(clone, "snapshots"));
        clone.Write("snapshots/portable/removed-workload.verified.txt", "");
        clone.Write("snapshots/portable/SomeTests.Of_something_else.verified.txt", "");
        Assert.Equal("warn", Check(clone, "orphaned snapshots"));
    }

    [Fact]
    public void An_experiment_has_snapshots_and_sidecars_too()
    {
        using var clone = new Clone();
        clone.Write("workloads/workloads.yaml", File.ReadAllText(clone.Repository.WorkloadsYaml).TrimEnd() +
            "\n\n  asked:\n    cache-probe:\n      experiment: Where?\n      tier: quick\n      geometry: { repeats: 2 }\n      checks: [{ metric: sizes, at_least: 0 }]\n");
        clone.Write("snapshots/portable/cache-probe.verified.txt", "");
        EvidenceFile.Write(clone.Repository.NewEvidenceFolder, SampleEvidence.OfExperiment("cache-probe", "2026-01-31T12-00-00Z"));

        Assert.Contains("1 sidecar checked: all hold", Answer.To(clone, "verify").Out);
        Assert.Equal("ok", Check(clone, "evidence"));
        Assert.Equal("ok", Check(clone, "orphaned snapshots"));
    }

    [Fact]
    public void A_sidecar_of_an_experiment_that_was_changed_is_found()
    {
        using var clone = new Clone();
        var path = EvidenceFile.Write(clone.Repository.NewEvidenceFolder, SampleEvidence.OfExperiment("cache-probe", "2026-01-31T12-00-00Z")).Path;
        File.WriteAllText(path, File.ReadAllText(path).Replace("12.5", "12.6", StringComparison.Ordinal));
        Assert.Equal("fail", Check(clone, "evidence"));
    }

    static string? Check(Clone clone, string subject) => Answer.To(clone, "doctor --json").Json.GetProperty("checks").EnumerateArray()
        .Single(check => check.GetProperty("subject").GetString() == subject).GetProperty("health").GetString();

    static void Finds(TorchFacts facts, string subject, Health health, string advice)
    {
        var checkup = TorchChecks.Of(facts, _ => null).Single(checkup => checkup.Subject == subject);
        Assert.Equal(health, checkup.Health);
        Assert.Contains(advice, checkup.Advice);
    }
}
