using System.Text.RegularExpressions;
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

        var orphans = Names().Where(name => !IsNamedAfterATest(name) && !known.Contains(name)).ToList();
        Assert.True(orphans.Count == 0, $"No entry of workloads.yaml has these snapshots; delete them: {string.Join(", ", orphans)}");
    }

    /// <summary>They may be of any test project, and Verify looks for unused ones in the folder of the running one only.</summary>
    [Fact]
    public void Every_other_snapshot_belongs_to_a_test()
    {
        var tests = Path.Combine(SharedRuns.Repository.Root, "tests");
        var orphans = Names().Where(IsNamedAfterATest).Where(name => !IsIn(tests, name)).ToList();
        Assert.True(orphans.Count == 0, $"No test below tests/ has these snapshots; delete or rename them: {string.Join(", ", orphans)}");
    }

    static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(SharedRuns.Repository.SnapshotsFolder, "*.verified.*", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(file).Split(".verified.")[0]);

    static bool IsNamedAfterATest(string name) => name.Contains("Tests.", StringComparison.Ordinal);

    /// <summary>Class.Method, and behind it what tells the rows of a theory apart.</summary>
    static bool IsIn(string tests, string name)
    {
        var (type, method) = (name.Split('.')[0], name.Split('.')[1]);
        return Directory.EnumerateFiles(tests, $"{type}.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"(?<name>\w+)\(").Select(match => match.Groups["name"].Value))
            .Any(found => method == found || method.StartsWith($"{found}_", StringComparison.Ordinal));
    }
}
