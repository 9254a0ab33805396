using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class DiffTests
{
    const string Early = "2026-01-31T12-00-00Z";
    const string Late = "2026-02-01T12-00-00Z";

    [Fact]
    public void Two_equal_runs_pass_and_a_slower_one_fails()
    {
        using var clone = new Clone();
        var (before, same) = (clone.Measured(Clone.First, Early), clone.Measured(Clone.First, Late));
        var slower = clone.Measured(Clone.First, "2026-02-02T12-00-00Z", record => SampleEvidence.Slowed(record, 1.3));

        Assert.Equal(0, Answer.To(clone, ["diff", before, same]).Exit);
        var answer = Answer.To(clone, ["diff", before, slower]);
        Assert.Equal(1, answer.Exit);
        Assert.Contains("  worse    step time: 1.00 ms → 1.30 ms: slower by 1.30x (", answer.Out);
        Assert.Contains("- **worse** step time: 1.00 ms → 1.30 ms: slower by 1.30x (",
            Answer.To(clone, ["diff", before, slower, "--markdown"]).Out);
        Assert.True(Answer.To(clone, ["diff", before, slower, "--json"]).Json.GetProperty("worse").GetBoolean());
    }

    [Fact]
    public void Folders_are_paired_by_workload_with_the_newest_of_each()
    {
        using var clone = new Clone();
        var before = Path.Combine(clone.Repository.Root, "before");
        EvidenceFile.Write(before, SampleEvidence.Of(clone.Entry(Clone.First), Early));
        clone.Measured(Clone.First, Early, record => SampleEvidence.Slowed(record, 2));
        clone.Measured(Clone.First, Late);
        clone.Measured(Clone.Second, Late);
        var answer = Answer.To(clone, ["diff", before, clone.Repository.NewEvidenceFolder]);

        Assert.Equal(0, answer.Exit);
        Assert.Contains("Not compared, because only after: second-workload", answer.Out);
    }

    [Fact]
    public void Beside_one_sidecar_the_other_workloads_of_a_folder_are_left_out()
    {
        using var clone = new Clone();
        var before = Path.Combine(clone.Repository.Root, "before");
        EvidenceFile.Write(before, SampleEvidence.Of(clone.Entry(Clone.First), Early));
        EvidenceFile.Write(before, SampleEvidence.Of(clone.Entry(Clone.Second), Early));
        var answer = Answer.To(clone, ["diff", before, clone.Measured(Clone.First, Late)]);

        Assert.StartsWith("first-workload: nothing beyond noise", answer.Out);
        Assert.DoesNotContain(Clone.Second, answer.Out);
    }

    [Fact]
    public void What_cannot_be_compared_is_a_coded_error()
    {
        using var clone = new Clone();
        var (first, second) = (clone.Measured(Clone.First, Early), clone.Measured(Clone.Second, Early));
        var damaged = clone.Write("damaged.json", "{}");
        var empty = Directory.CreateDirectory(Path.Combine(clone.Repository.Root, "empty")).FullName;

        Assert.Contains("MLP3002", Answer.To(clone, ["diff", first, damaged]).Error);
        Assert.Contains("MLP2008", Answer.To(clone, ["diff", first, "nowhere"]).Error);
        Assert.Contains("MLP2060", Answer.To(clone, ["diff", first, empty]).Error);
        Assert.Contains("MLP2061", Answer.To(clone, ["diff", first, second]).Error);
    }

    [Fact]
    public void Plots_lie_beside_the_evidence_and_are_the_same_when_drawn_again()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, Early);
        var answer = Answer.To(clone, "plot first-workload");
        var drawn = clone.Content("artifacts/evidence");

        Assert.Equal(0, answer.Exit);
        Assert.Contains("FLOP per byte", answer.Out);
        Assert.Equal(2, drawn.Keys.Count(
            path => path.EndsWith(".svg", StringComparison.Ordinal) && path.Contains("first-workload_", StringComparison.Ordinal)));
        Answer.To(clone, "plot first-workload");
        Assert.Equal(drawn, clone.Content("artifacts/evidence"));
        Assert.Contains("MLP2062", Answer.To(clone, "plot second-workload").Error);
    }
}
