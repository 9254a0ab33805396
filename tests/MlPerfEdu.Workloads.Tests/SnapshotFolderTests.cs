using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Tests;

public class SnapshotFolderTests
{
    /// <summary>A workload that is renamed or removed, or has no baseline of a machine class any more, must not leave its snapshots behind.</summary>
    [Fact]
    public void Every_snapshot_of_a_workload_belongs_to_an_entry_of_the_yaml()
    {
        var portable = SharedRuns.Catalog.Models
            .SelectMany(entry => SharedRuns.Catalog.TrainerOf(entry).Data.Select(choice => Snapshots.PortableName(entry, choice.Dataset)))
            .Concat(SharedRuns.Catalog.Experiments.Select(entry => entry.Id))
            .Select(name => Path.Combine("portable", name));
        var ofClasses = SharedRuns.Catalog.Models.SelectMany(entry => entry.Regimes.Keys.Select(machine => Path.Combine(machine, entry.Id)));
        var known = portable.Concat(ofClasses).ToHashSet(StringComparer.Ordinal);

        var folder = SharedRuns.Repository.SnapshotsFolder;
        var orphans = Directory.EnumerateFiles(folder, "*.verified.txt", SearchOption.AllDirectories)
            // Snapshots named after a test method belong to that test.
            .Where(file => !Path.GetFileName(file).Contains("Tests.", StringComparison.Ordinal))
            .Where(file => !known.Contains(Path.GetRelativePath(folder, file)[..^".verified.txt".Length]))
            .ToList();
        Assert.True(orphans.Count == 0, $"No entry or baseline of workloads.yaml has these snapshots; delete them: {string.Join(", ", orphans)}");
    }
}
