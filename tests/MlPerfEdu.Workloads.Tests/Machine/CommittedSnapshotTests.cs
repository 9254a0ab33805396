using MlPerfEdu.Cli;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Machine;

/// <summary>The committed snapshot of an experiment follows from its committed evidence; nothing is measured here.</summary>
public class CommittedSnapshotTests
{
    [Theory]
    [InlineData("cache-probe")]
    [InlineData("known-results")]
    [InlineData("peak-sweep")]
    public void Committed_evidence_derives_the_committed_snapshot(string id)
    {
        var store = new EvidenceStore(ThisClone.Repository, ThisClone.Catalog);
        var record = (ExperimentRecord)store.Read(store.Baselines.Last(sidecar => sidecar.Id == id).Path);
        // Evidence of an earlier version of the entry derives nothing any more.
        if (store.Derive(record) is not { } findings)
            return;
        var snapshot = Snapshots.Of(ThisClone.Repository, ThisClone.Experiment(id), findings.Portable);

        Assert.Equal(File.ReadAllText(snapshot.File).ReplaceLineEndings("\n").TrimEnd(), snapshot.Text.TrimEnd());
    }
}
