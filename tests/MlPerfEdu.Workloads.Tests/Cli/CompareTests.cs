using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Compare;
using MlPerfEdu.Engine.Training;
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
        using var python = new FakePython(FakePython.Works.Replace("\"blas\": null", "\"blas\": \"/usr/lib/openblas-openmp/libblas.so.3\""));
        var answer = To(clone, python, "compare pytorch --turns 6 --write-readme");
        var readme = File.ReadAllText(clone.Repository.Results);

        Assert.Equal(0, answer.Exit);
        Assert.StartsWith("# Results\n\n<!-- results:begin -->\nold\n", readme);
        Assert.Contains("<!-- pytorch:begin -->\nPyTorch 9.9 with openblas-openmp/libblas.so.3 eager, against libtorch 2.10.0 through TorchSharp 0.107.0; ", readme);
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

    [Fact]
    public void The_book_takes_turns_in_this_process_and_needs_no_Python()
    {
        using var clone = new Clone();
        var row = ByTheBook(clone, "compare torchsharp first-workload --turns 6 --json").Json.GetProperty("comparisons")[0];

        Assert.Equal(6, row.GetProperty("our_turns").GetArrayLength());
        Assert.Equal(6, row.GetProperty("book_turns").GetArrayLength());
        Assert.InRange(row.GetProperty("ratio").GetDouble(), 1.2, 3);
        Assert.True(row.GetProperty("ratio_low").GetDouble() <= row.GetProperty("ratio_high").GetDouble());
    }

    [Fact]
    public void The_results_get_the_table_of_the_book()
    {
        using var clone = new Clone();
        File.AppendAllText(clone.Repository.Results, Marks + Marks.Replace("pytorch", "torchsharp"));
        var answer = ByTheBook(clone, "compare torchsharp --turns 6 --write-readme");
        var readme = File.ReadAllText(clone.Repository.Results);

        Assert.Equal(0, answer.Exit);
        Assert.Contains(Marks, readme);
        Assert.Contains("<!-- torchsharp:begin -->\nTorchSharp 0.107.0 by the book and this project's steps, both on libtorch 2.10.0; ", readme);
        Assert.Contains("| first-workload  |     8 |", readme);
        Assert.Contains("| second-workload |     8 |", readme);
    }

    [Fact]
    public void A_named_workload_gets_its_row_and_the_others_keep_theirs()
    {
        using var clone = new Clone();
        File.AppendAllText(clone.Repository.Results, Marks.Replace("pytorch", "torchsharp"));
        ByTheBook(clone, "compare torchsharp --turns 6 --write-readme");
        var all = Rows();
        Assert.Equal(0, ByTheBook(clone, "compare torchsharp second-workload --turns 7 --write-readme").Exit);

        Assert.Equal(2, all.Length);
        Assert.Equal(all[0], Rows()[0]);
        Assert.StartsWith("| second-workload ", Rows()[1]);

        string[] Rows() => [.. File.ReadAllLines(clone.Repository.Results).Where(line => line.Contains("-workload "))];
    }

    [Fact]
    public void Rows_of_another_machine_are_no_neighbours()
    {
        using var clone = new Clone();
        const string Other = "TorchSharp 0.1; another machine.\n\n| workload |\n|---|\n| first-workload |";
        File.AppendAllText(clone.Repository.Results, Marks.Replace("pytorch", "torchsharp").Replace("old", Other));
        var before = File.ReadAllText(clone.Repository.Results);
        var answer = ByTheBook(clone, "compare torchsharp second-workload --turns 6 --write-readme");

        Assert.Equal(4, answer.Exit);
        Assert.Contains("MLP2085", answer.Error);
        Assert.Equal(before, File.ReadAllText(clone.Repository.Results));
        Assert.Equal(0, ByTheBook(clone, "compare torchsharp --turns 6 --write-readme").Exit);
    }

    [Fact]
    public void A_workload_that_has_nothing_by_the_book_is_said_and_left_out()
    {
        var peer = new BookPeer();

        Assert.Null(peer.Missing(ThisClone.Model("anomaly-ae-train")));
        var problem = TargetRace.Missing(ThisClone.Model("nanogpt-decode"))!;
        Assert.Equal("MLP2079", problem.Code);
        Assert.Contains("nothing of nanogpt-decode", problem.Message);
    }

    [Fact]
    public void A_race_to_the_target_says_both_times_and_fails_when_one_misses()
    {
        using var clone = new Clone();
        var met = Race(clone, new RaceTime("closed", 6, 300, 0.91), "--json").Json.GetProperty("races")[0];
        Assert.Equal(3, met.GetProperty("ratio").GetDouble());
        Assert.Equal("closed", met.GetProperty("book").GetProperty("division").GetString());

        var missed = Race(clone, new RaceTime("closed", null, 300, 0.7));
        Assert.Equal(1, missed.Exit);
        Assert.Contains("2 s, 100 steps, open", missed.Out);
        Assert.Contains("missed (0.7), 300 steps, closed", missed.Out);
    }

    [Fact]
    public void A_race_of_named_workloads_has_its_own_table()
    {
        using var clone = new Clone();
        File.AppendAllText(clone.Repository.Results, Marks + Marks.Replace("pytorch", "until-target"));

        var answer = Race(clone, new RaceTime("closed", 6, 300, 0.91), "--write-readme");

        Assert.Equal(0, answer.Exit);
        var readme = File.ReadAllText(clone.Repository.Results);
        Assert.Contains(Marks, readme);
        Assert.Matches(@"<!-- until-target:begin -->\nTorchSharp 0\.107\.0, .*\n\n.*\n.*\n\| first-workload \| .*2 s, 100 steps, open.* 3\.00x \|", readme);
    }

    [Theory]
    [InlineData("compare pytorch --turns 5")]
    [InlineData("compare pytorch --turns many")]
    [InlineData("compare torchsharp --turns 5")]
    [InlineData("compare torchsharp --until-target --turns 6")]
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
        services => services with { Contestants = (_, _, entry, _, _, _) => Napping((WorkloadEntry)entry) },
        new() { ["MLPERFEDU_PYTHON"] = python.Path });

    static Answer ByTheBook(Clone clone, string commandLine) => Answer.To(
        clone, commandLine.Split(' '), services => services with { Contestants = (_, _, entry, _, _, _) => Napping((WorkloadEntry)entry) });

    static Answer Race(Clone clone, RaceTime book, params string[] more) => Answer.To(
        clone,
        ["compare", "torchsharp", "first-workload", "--until-target", .. more],
        services => services with
        {
            TargetRaces = (_, _, entry, _, _) =>
                new(entry.Id, "synthetic-strokes", entry.Data[0].QualityTarget, new("open", 2, 100, 0.92), book),
        });

    static Contestant Napping(WorkloadEntry entry) => new(new Nap(), entry.Recipe.Batch, entry, entry.Recipe, new Book());

    /// <summary>Takes twice as long as a nap.</summary>
    sealed class Book : IByTheBook, IBookStep
    {
        public IBookStep PrepareByTheBook(int batch) => batch == 8 ? this : throw new ArgumentException($"{batch} → expected the recipe's 8", nameof(batch));

        public void Step() => Thread.Sleep(10);

        public void Dispose()
        {
        }
    }

    sealed class Nap : IRunningStep
    {
        public StepCount Count { get; } = new(0, []);

        public void Step() => Thread.Sleep(5);

        public void Dispose()
        {
        }
    }
}
