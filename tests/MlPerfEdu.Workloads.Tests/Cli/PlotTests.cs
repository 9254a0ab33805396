namespace MlPerfEdu.Workloads.Tests.Cli;

public class PlotTests
{
    [Fact]
    public void Two_machines_of_one_class_are_drawn_into_two_files()
    {
        using var clone = new Clone();
        List<string> sidecars = [];
        foreach (var id in new[] { Clone.First, Clone.Second })
        {
            sidecars.Add(clone.Measured(id, "2026-01-31T12-00-00Z"));
            sidecars.Add(clone.Measured(id, "2026-02-01T12-00-00Z", SampleEvidence.OnAnotherMachine));
        }
        var answer = Answer.To(clone, ["plot", .. sidecars, "--json"]);
        var files = answer.Json.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).ToList();

        Assert.Equal(0, answer.Exit);
        Assert.Equal(files.Distinct(), files);
        var rooflines = files.Where(file => file.EndsWith(".roofline.svg", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, rooflines.Count);
        Assert.All(["Model 9", "Model 10"], cpu => Assert.Single(
            rooflines, file => File.ReadAllText(Path.Combine(clone.Repository.Root, file)).Contains(cpu, StringComparison.Ordinal)));
    }
}
