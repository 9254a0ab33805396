using System.Text.RegularExpressions;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Workloads.Tests;

public class SnapshotFolderTests
{
    /// <summary>A workload that is renamed or removed, or has no baseline of a machine class any more, must not leave its snapshots behind.</summary>
    [Fact]
    public void Every_snapshot_of_a_workload_belongs_to_an_entry_of_the_yaml()
    {
        var portable = ThisClone.Catalog.Models
            .SelectMany(entry => ThisClone.Catalog.TrainerOf(entry).Data.Select(choice => Snapshots.PortableName(entry, choice.Dataset)))
            .Concat(ThisClone.Catalog.Experiments.Select(entry => entry.Id))
            .Select(name => Path.Combine("portable", name));
        var ofClasses = ThisClone.Catalog.Models.SelectMany(entry => entry.Regimes.Keys.Select(machine => Path.Combine(machine, entry.Id)));
        var known = portable.Concat(ofClasses).ToHashSet(StringComparer.Ordinal);

        var orphans = Files().Where(file => !IsNamedAfterATest(Path.GetFileName(file)) && !known.Contains(file)).ToList();
        Assert.True(orphans.Count == 0, $"No entry or baseline of workloads.yaml has these snapshots; delete them: {string.Join(", ", orphans)}");
    }

    /// <summary>They may be of any test project, and Verify looks for unused ones in the folder of the running one only.</summary>
    [Fact]
    public void Every_other_snapshot_belongs_to_a_test()
    {
        var tests = Path.Combine(ThisClone.Repository.Root, "tests");
        var orphans = Files().Select(file => Path.GetFileName(file)).Where(IsNamedAfterATest).Where(name => !IsIn(tests, name)).ToList();
        Assert.True(orphans.Count == 0, $"No test below tests/ has these snapshots; delete or rename them: {string.Join(", ", orphans)}");
    }

    /// <summary>Folder and name, without what Verify appends.</summary>
    static IEnumerable<string> Files()
    {
        var folder = ThisClone.Repository.SnapshotsFolder;
        return Directory.EnumerateFiles(folder, "*.verified.*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Split(".verified.")[0]);
    }

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
