using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Tests;

public class SnapshotFolderTests
{
    /// <summary>A workload that is renamed or removed must not leave its snapshots behind.</summary>
    [Fact]
    public void Every_snapshot_of_a_workload_belongs_to_an_entry_of_the_yaml()
    {
        var known = SharedRuns.Catalog.Models
            .SelectMany(entry => SharedRuns.Catalog.TrainerOf(entry).Data.Select(choice => Snapshots.PortableName(entry, choice.Dataset)).Append(entry.Id))
            .Concat(SharedRuns.Catalog.Experiments.Select(entry => entry.Id))
            .ToHashSet(StringComparer.Ordinal);

        var orphans = Directory.EnumerateFiles(SharedRuns.Repository.SnapshotsFolder, "*.verified.txt", SearchOption.AllDirectories)
            // Snapshots named after a test method belong to that test.
            .Where(file => !Path.GetFileName(file).Contains("Tests.", StringComparison.Ordinal))
            .Where(file => !known.Contains(Path.GetFileName(file)[..^".verified.txt".Length]))
            .ToList();
        Assert.True(orphans.Count == 0, $"No entry of workloads.yaml has these snapshots; delete them: {string.Join(", ", orphans)}");
    }
}
