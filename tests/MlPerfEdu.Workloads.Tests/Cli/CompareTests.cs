using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Compare;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Workloads.Tests.Compare;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class CompareTests
{
    const string Marks = "\n<!-- pytorch:begin -->\nold\n<!-- pytorch:end -->\n";

    [Fact]
    public void Without_PyTorch_it_says_how_to_get_it()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, ["compare", "pytorch"], variables: new() { ["MLPERFEDU_PYTHON"] = "/nowhere/python" });

        Assert.Equal(4, answer.Exit);
        Assert.StartsWith("error MLP2070: found no Python that imports torch (/nowhere/python: no such program)", answer.Error);
        Assert.Contains("apt-get install python3-torch", answer.Error);
    }

    [Fact]
    public void A_Python_without_torch_is_passed_over_with_its_last_words()
    {
        using var clone = new Clone();
        using var python = new FakePython("");
        File.WriteAllText(python.Path, "#!/bin/sh\necho Traceback >&2; echo 'No module named torch' >&2; exit 1\n");
        var answer = To(clone, python, "compare pytorch");

        Assert.Equal(4, answer.Exit);
        Assert.Contains($"({python.Path}: No module named torch)", answer.Error);
    }

    [Fact]
    public void Two_sides_take_turns_and_become_a_row()
    {
        using var clone = WithTwins();
        using var python = new FakePython(FakePython.Works);
        var row = To(clone, python, "compare pytorch first-workload --turns 6 --json").Json.GetProperty("comparisons")[0];

        Assert.Equal(6, row.GetProperty("our_turns").GetArrayLength());
        Assert.Equal(6, row.GetProperty("pytorch_turns").GetArrayLength());
        Assert.Equal(0.002, row.GetProperty("pytorch_seconds").GetDouble(), 9);
        Assert.True(row.GetProperty("ratio_low").GetDouble() <= row.GetProperty("ratio").GetDouble());
        Assert.True(row.GetProperty("our_seconds").GetDouble() > 0.004);
    }

    [Fact]
    public void The_results_get_the_table_of_all_and_keep_the_rest()
    {
        using var clone = WithTwins();
        using var python = new FakePython(FakePython.Works);
        var answer = To(clone, python, "compare pytorch --turns 6 --write-readme");
        var readme = File.ReadAllText(clone.Repository.Results);

        Assert.Equal(0, answer.Exit);
        Assert.StartsWith("# Results\n\n<!-- results:begin -->\nold\n", readme);
        Assert.Contains("<!-- pytorch:begin -->\nPyTorch 9.9 eager, against libtorch 2.10.0 through TorchSharp 0.107.0; ", readme);
        Assert.Contains("| first-workload  |     8 |", readme);
        Assert.Contains("| second-workload |     8 |", readme);
        Assert.EndsWith("<!-- pytorch:end -->\n", readme);
    }

    [Fact]
    public void One_that_fails_does_not_stop_the_others_and_keeps_the_table()
    {
        using var clone = WithTwins();
        using var python = new FakePython($"""case "$3" in *second*) echo broken >&2; exit 3;; esac; {FakePython.Works}""");
        var answer = To(clone, python, "compare pytorch --turns 6 --write-readme --json");

        Assert.Equal(4, answer.Exit);
        Assert.Equal("first-workload", answer.Json.GetProperty("comparisons")[0].GetProperty("id").GetString());
        Assert.Equal("MLP2072", answer.Json.GetProperty("errors").GetProperty("second-workload").GetProperty("code").GetString());
        Assert.Contains("broken", answer.Error);
        Assert.EndsWith(Marks, File.ReadAllText(clone.Repository.Results));
    }

    [Theory]
    [InlineData("\"parameters\": 20", "\"parameters\": 21", "MLP2076", "found 21 parameters")]
    [InlineData("\"threads\": 2", "\"threads\": 1", "MLP2075", "on 1 threads")]
    public void Another_model_or_other_threads_are_no_comparison(string right, string wrong, string code, string part)
    {
        using var clone = WithTwins();
        using var python = new FakePython(FakePython.Works.Replace(right, wrong));
        var answer = To(clone, python, "compare pytorch first-workload --turns 6");

        Assert.Equal(4, answer.Exit);
        Assert.StartsWith($"error {code}: first-workload: ", answer.Error);
        Assert.Contains(part, answer.Error);
    }

    [Fact]
    public void A_workload_without_a_twin_is_an_error_when_it_is_named()
    {
        using var clone = new Clone();
        using var python = new FakePython(FakePython.Works);

        var named = To(clone, python, "compare pytorch first-workload");
        Assert.Contains("error MLP2071: first-workload: found no twin of first-workload", named.Error);
        Assert.Equal("Nothing was compared.\n", To(clone, python, "compare pytorch").Out);
    }

    [Theory]
    [InlineData("compare pytorch --turns 5")]
    [InlineData("compare pytorch --turns many")]
    [InlineData("compare pytorch first-workload --write-readme")]
    public void A_wrong_command_line_is_refused(string commandLine)
    {
        using var clone = new Clone();
        Assert.Equal(2, Answer.To(clone, commandLine).Exit);
    }

    static Clone WithTwins()
    {
        var clone = new Clone();
        foreach (var id in new[] { Clone.First, Clone.Second })
            clone.Write(Path.GetRelativePath(clone.Repository.Root, clone.Repository.TwinOf(id)), "");
        File.AppendAllText(clone.Repository.Results, Marks);
        return clone;
    }

    static Answer To(Clone clone, FakePython python, string commandLine) => Answer.To(
        clone,
        commandLine.Split(' '),
        services => services with { Contestants = (_, _, entry, _, _) => Napping((WorkloadEntry)entry) },
        new() { ["MLPERFEDU_PYTHON"] = python.Path });

    static Contestant Napping(WorkloadEntry entry) => new(new Nap(), entry.Recipe.Batch, entry, entry.Recipe, new StringReader(""));

    sealed class Nap : IRunningStep
    {
        public StepCount Count { get; } = new(0, []);

        public void Step() => Thread.Sleep(5);

        public void Dispose()
        {
        }
    }
}
