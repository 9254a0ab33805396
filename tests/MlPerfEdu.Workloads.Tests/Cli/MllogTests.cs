using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Workloads.Tests.LoadGen;

namespace MlPerfEdu.Workloads.Tests.Cli;

public sealed class MllogTests : IDisposable
{
    readonly Clone clone = new();

    string Package => Path.Combine(clone.Repository.Root, "results");

    public void Dispose() => clone.Dispose();

    [Fact]
    public void Five_seeds_make_a_package_that_the_check_accepts()
    {
        var answer = Run($"run first-workload --seeds 3..7 --mllog {Package}");
        Assert.True(answer.Exit == 0, answer.Out + answer.Error);
        Assert.Contains("MLPerf-style logs, unverified: 5 in ", answer.Out);
        var system = $"{SampleEvidence.MachineClass}-open";
        Assert.True(File.Exists(Path.Combine(Package, "systems", $"{system}.json")));
        Assert.Equal(
            ["result_0.txt", "result_1.txt", "result_2.txt", "result_3.txt", "result_4.txt"],
            Directory.EnumerateFiles(Path.Combine(Package, "results", system, Clone.First)).Select(Path.GetFileName).Order());
        var check = Answer.To(clone, $"mllog check {Package}");
        Assert.Equal((0, "the logs: all hold.\n"), (check.Exit, check.Out));
    }

    [Fact]
    public void Two_sets_of_runs_are_not_mixed()
    {
        Assert.Equal(0, Run($"run first-workload --mllog {Package}").Exit);
        var again = Run($"run first-workload second-workload --mllog {Package}");
        Assert.Equal(2, again.Exit);
        Assert.Contains("MLP2094", again.Error);
        Assert.Equal(0, Run($"run second-workload --mllog {Package}").Exit);
    }

    [Fact]
    public void A_run_under_load_is_in_the_files_of_LoadGen()
    {
        clone.AddAnswering();
        var load = Loads.Of(LoadScenario.Offline);
        var serving = new ServingRecord(load, Loads.Run(load, Loads.Millisecond).Answers);
        var answer = Answer.To(clone, ["run", Clone.Answering, "--seeds", "1..2", "--mllog", Package], services => services with
        {
            Runner = (_, _) => (entry, options, _, _) =>
            {
                var record = SampleEvidence.Of(entry, $"2026-01-31T12-00-0{options.Seed}Z") with { Serving = serving };
                var quality = record.Quality with { Metrics = LoadFigures.Of(load, serving.Answers) };
                var (path, written) = EvidenceFile.Write(clone.Repository.NewEvidenceFolder, record with { Quality = quality });
                return new RunOutcome(written, path, []);
            },
        });
        Assert.True(answer.Exit == 0, answer.Out + answer.Error);
        var offline = Path.Combine(Package, "results", $"{SampleEvidence.MachineClass}-open", Clone.Answering, "Offline", "performance");
        foreach (var run in new[] { "run_1", "run_2" })
        {
            Assert.Contains("Scenario : Offline", File.ReadAllText(Path.Combine(offline, run, "mlperf_log_summary.txt")));
            Assert.StartsWith(MllogLine.Token, File.ReadAllText(Path.Combine(offline, run, "mlperf_log_detail.txt")));
        }

        Assert.Equal(0, Answer.To(clone, $"mllog check {Package}").Exit);
        File.WriteAllText(Path.Combine(offline, "run_2", "mlperf_log_detail.txt"), ":::MLLOG {");
        Assert.Contains("MLP1601", Answer.To(clone, $"mllog check {Package}").Out);
    }

    [Fact]
    public void Too_few_seeds_are_found_and_said_in_JSON()
    {
        Run($"run first-workload --seeds 1..2 --mllog {Package}");
        var check = Answer.To(clone, ["mllog", "check", Package, "--json"]);
        Assert.Equal(1, check.Exit);
        Assert.Equal("MLP1605", check.Json.GetProperty("findings")[0].GetProperty("code").GetString());
    }

    [Fact]
    public void Points_are_written_where_the_reference_has_samples_and_runs_are_held_against_them()
    {
        var yaml = File.ReadAllText(clone.Repository.WorkloadsYaml);
        var target = "quality_target: { metric: accuracy, at_least: 0.9 }";
        File.WriteAllText(clone.Repository.WorkloadsYaml, yaml.Replace(target, $"{target}, reference: {{ seeds: [1, 2, 3, 4], values: [1, 1, 1, 1], samples: [24, 48, 24, 48] }}"));
        var to = Path.Combine(clone.Repository.Root, "rcps");
        var written = Answer.To(clone, $"rcp write first-workload --to {to}");
        Assert.Equal((0, $"{Path.Combine(to, "rcps_first-workload_synthetic-strokes_open.json")}\n"), (written.Exit, written.Out));

        Run($"run first-workload --seeds 1..5 --mllog {Package}");
        var check = Answer.To(clone, $"rcp check {Package}");
        Assert.True(check.Exit == 0, check.Out);
    }

    [Theory]
    [InlineData("mllog check nowhere")]
    [InlineData("rcp check nowhere")]
    public void A_path_that_is_not_there_is_a_mistake_of_the_command_line(string commandLine)
    {
        var answer = Answer.To(clone, commandLine);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("MLP2093", answer.Error);
    }

    Answer Run(string commandLine) => Answer.To(clone, commandLine.Split(' '), services => services with
    {
        Runner = (_, _) => (entry, options, _, _) =>
        {
            var trained = (WorkloadEntry)entry;
            using var log = RunLog.Begin(options.LogFolder, entry.Id, options.Seed)!;
            log.Submission(trained, trained.Data[0], options.Seed, "Model 9");
            log.RunStart();
            log.Samples(100, 20);
            var (start, end) = (new Trained(0, trained.Recipe), new Trained(3, trained.Recipe));
            log.BlockStart(start);
            log.BlockStop(end);
            log.EvalStart(end);
            log.Accuracy(end, "accuracy", 0.93);
            log.EvalStop(end);
            log.RunStop(end, success: true);
            var (path, written) = EvidenceFile.Write(clone.Repository.NewEvidenceFolder, SampleEvidence.Of(entry, $"2026-01-31T12-00-0{options.Seed}Z"));
            return new RunOutcome(written, path, []) { LogPath = log.Path };
        },
    });
}
