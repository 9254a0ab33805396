using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;
using MlPerfEdu.Fuzz;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Fuzz;

/// <summary>A damaged workloads.yaml that is accepted all the same: `show` says what it means.</summary>
public sealed class DamagedCatalogTests(ITestOutputHelper output)
{
    [Fact]
    public void What_is_accepted_can_be_shown()
    {
        var (original, shown) = (File.ReadAllText(ThisClone.Repository.WorkloadsYaml), 0);
        var known = ThisClone.Catalog.Entries.Select(entry => entry.Sha256).ToHashSet();
        Fuzzing.Try(120, output, number =>
        {
            var bytes = new YamlMutation(original, number).Apply();
            if (WorkloadCatalogReader.ReadBytes(bytes, "workloads.yaml").Catalog is not { } catalog)
                return;
            Interlocked.Increment(ref shown);
            var changed = catalog.Entries.FirstOrDefault(entry => !known.Contains(entry.Sha256)) ?? catalog.Entries[0];
            using var clone = new Clone();
            File.WriteAllBytes(clone.Repository.WorkloadsYaml, bytes);
            foreach (var command in new string[][] { ["show", changed.Id], ["show", changed.Id, "--json"], ["list"] })
            {
                var answer = Answer.To(clone, command);
                // A data set that datasets.yaml does not have is told.
                Assert.True(answer.Exit is 0 || answer.Error.Contains("error MLP1020", StringComparison.Ordinal), $"{string.Join(' ', command)}: {answer.Exit} {answer.Error}");
                Assert.True(answer.Exit != 0 || answer.Out.Contains(changed.Id, StringComparison.Ordinal), $"{string.Join(' ', command)} does not name {changed.Id}");
            }
        });
        output.WriteLine($"{shown} of them were accepted");
    }
}
