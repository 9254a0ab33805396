using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests;

public class EvidenceRoomTests
{
    [Fact]
    public void A_run_that_could_not_keep_its_evidence_is_refused_before_it_begins()
    {
        using var clone = new Clone();
        // Below a file no folder can be made, not even by root.
        clone.Write("artifacts", "");
        var begun = new List<string>();
        var answer = Answer.To(clone, ["run", Clone.First], host => host with
        {
            Runner = (repository, catalog) => (entry, options, progress, stop) =>
            {
                using var runner = new WorkloadRunner(repository, catalog);
                return runner.Run(entry, options, new Phases(begun), stop);
            },
        });

        Assert.Equal(4, answer.Exit);
        Assert.Contains("\nerror MLP1507: ", answer.Error);
        Assert.Contains("→ expected a folder that can be written to", answer.Error);
        Assert.Empty(begun);
    }

    [Fact]
    public void An_experiment_and_the_kernels_are_refused_too()
    {
        using var clone = new Clone();
        clone.Write("artifacts", "");
        var refused = Assert.Throws<RunException>(() => new ExperimentRunner(clone.Repository).Run(
            ThisClone.Experiment("known-results"), clone.Repository.NewEvidenceFolder, new Phases([])));
        Assert.Equal("MLP1507", refused.Code);

        clone.Write("workloads/Serving/serving.yaml", File.ReadAllText(Path.Combine(ThisClone.Repository.Root, "workloads", "Serving", "serving.yaml")));
        Assert.StartsWith("error MLP1507: ", Answer.To(clone, "kernels run").Error);
    }

    [Fact]
    public void A_full_disk_is_told_and_one_that_does_not_say_is_not()
    {
        using var clone = new Clone();
        var folder = clone.Repository.NewEvidenceFolder;
        var refused = Assert.Throws<RunException>(() => EvidenceRoom.Check(folder, _ => 1000));
        Assert.Equal("MLP1507", refused.Code);
        Assert.Contains("1.00 kB free", refused.Message);
        EvidenceRoom.Check(folder, _ => throw new IOException("no such disk"));
        EvidenceRoom.Check(folder);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    sealed class Phases(List<string> begun) : IRunProgress
    {
        public void Report(string phase, double share, string detail) => begun.Add(phase);
    }
}
