using MlPerfEdu.Catalog;
using MlPerfEdu.Cli.Commands;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class NewTests
{
    [Fact]
    public void A_copy_has_its_own_names_a_mark_in_each_file_and_a_valid_entry()
    {
        using var clone = Copy();
        var answer = Answer.To(clone, "new my-lstm-train --suite small --like anomaly-ae-train --json");

        Assert.Equal(0, answer.Exit);
        Assert.Equal(
            ["workloads/Small/MyLstm/Features.cs", "workloads/Small/MyLstm/Model.cs", "workloads/Small/MyLstm/Workload.cs", "workloads/Small/MyLstm/twin.py",
                "tests/MlPerfEdu.Workloads.Tests/Small/MyLstmTests.cs", "workloads/workloads.yaml"],
            answer.Json.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        foreach (var file in answer.Json.GetProperty("files").EnumerateArray().Select(file => File.ReadAllText(Path.Combine(clone.Repository.Root, file.GetString()!))))
            Assert.Contains(NewWorkload.Mark, file);
        var workload = File.ReadAllText(Path.Combine(clone.Repository.Root, "workloads/Small/MyLstm/Workload.cs"));
        Assert.Contains("namespace MlPerfEdu.Workloads.Small.MyLstm;", workload);
        Assert.Contains("[Workload(\"my-lstm-train\")]", workload);

        var read = WorkloadCatalogReader.Read(clone.Repository.WorkloadsYaml, null);
        Assert.Empty(read.Diagnostics);
        var (copy, original) = (read.Catalog!.FindWorkload("my-lstm-train")!, read.Catalog.FindWorkload("anomaly-ae-train")!);
        Assert.Equal(("small", "my-lstm", original.Params, 0, 0), (copy.Suite, copy.Model, copy.Params, copy.Regimes.Count, copy.Errata.Count));
        Assert.Equal(original.Recipe, copy.Recipe);
        Assert.All(copy.Data, choice => Assert.Null(choice.Reference));
    }

    [Fact]
    public void A_copy_that_was_stopped_anywhere_goes_on()
    {
        const string Command = "new my-lstm-train --suite small --like anomaly-ae-train";
        using var whole = Copy();
        Assert.Equal(0, Answer.To(whole, Command).Exit);
        var expected = whole.Content("workloads", "tests");
        foreach (var last in new[] { "Features.cs", "Model.cs", "Workload.cs", "twin.py" })
        {
            using var clone = Copy();
            foreach (var file in Directory.EnumerateFiles(Path.Combine(whole.Repository.Root, "workloads/Small/MyLstm")).Where(file => string.CompareOrdinal(Path.GetFileName(file), last) <= 0))
                clone.Write(whole.Repository.Relative(file), File.ReadAllText(file));
            Assert.Equal(0, Answer.To(clone, Command).Exit);
            Assert.Equal(expected, clone.Content("workloads", "tests"));
        }
    }

    [Theory]
    [InlineData("new Not-An-Id --suite small --like anomaly-ae-train", "MLP2018")]
    [InlineData("new ../elsewhere --suite small --like anomaly-ae-train", "MLP2018")]
    [InlineData("new anomaly-ae-train --suite small --like anomaly-ae-train", "MLP2018")]
    [InlineData("new another --suite nowhere --like anomaly-ae-train", "MLP2003")]
    [InlineData("new another --suite small --like nobody", "MLP2002")]
    [InlineData("new taken --suite small --like anomaly-ae-train", "MLP2019")]
    public void What_cannot_be_begun_writes_nothing(string command, string code)
    {
        using var clone = Copy();
        clone.Write("workloads/Small/Taken/Model.cs", "Somebody's own.");
        var before = clone.Content("workloads", "tests");
        var answer = Answer.To(clone, command);
        Assert.Equal(2, answer.Exit);
        Assert.Contains(code, answer.Error);
        Assert.Equal(before, clone.Content("workloads", "tests"));
    }

    // A small clone with an entry that this program implements, and its folder.
    static Clone Copy()
    {
        var clone = new Clone();
        var yaml = File.ReadAllText(clone.Repository.WorkloadsYaml);
        File.WriteAllText(clone.Repository.WorkloadsYaml, yaml.Replace(Clone.First, "anomaly-ae-train"));
        foreach (var name in new[] { "Model.cs", "Workload.cs", "twin.py" })
            clone.Write($"workloads/Tiny/AnomalyAe/{name}", File.ReadAllText(Path.Combine(ThisClone.Repository.Root, "workloads/Tiny/AnomalyAe", name)));
        // A file that only some workloads have.
        clone.Write("workloads/Tiny/AnomalyAe/Features.cs", "using System;\n\nnamespace MlPerfEdu.Workloads.Tiny.AnomalyAe;\n\nstatic class AnomalyAeFeatures;\n");
        return clone;
    }
}
