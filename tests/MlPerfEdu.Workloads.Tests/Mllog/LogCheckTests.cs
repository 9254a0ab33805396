using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Workloads.Tests.Mllog;

public sealed class LogCheckTests : IDisposable
{
    readonly SampleLogs logs = new();

    public void Dispose() => logs.Dispose();

    public static TheoryData<string> EveryMistake => Mistakes.Names;

    [Fact]
    public void Five_seeds_are_a_package_without_findings()
    {
        Assert.Empty(SampleLogs.Check(logs.Package()));
        Assert.Empty(new ResultPackage(logs.Folder).Present([SampleLogs.Id]));
        Assert.Single(logs.Package().Present([SampleLogs.Id]));
    }

    [Theory]
    [MemberData(nameof(EveryMistake))]
    public void A_mistake_is_found_by_its_code(string name)
    {
        var package = logs.Package();
        var code = Mistakes.Make(name, package);
        Assert.Contains(code, SampleLogs.Check(package).Select(finding => finding.Code));
    }

    [Fact]
    public void What_counts_ends_with_the_first_scores_that_meet_every_target()
    {
        var result = SampleLogs.ResultsOf(logs.Package())[0];
        Assert.Contains("\"key\":\"run_stop\"", File.ReadLines(result).Last());
        var (lines, findings) = MllogLine.Read(result);
        Assert.Empty(findings);
        Assert.Equal(100 * 64, RunFacts.Of(result, lines).Convergence);
        // The rest of the recipe is in the log that `watch` reads.
        Assert.Equal(3 * 2, MllogLine.Read(LogFolder.Of(logs.Folder, SampleLogs.Id, 1)).Lines.Count(line => line.Key == "eval_accuracy"));
    }

    [Fact]
    public void A_run_that_misses_its_target_ends_aborted_and_has_not_converged()
    {
        var path = logs.Write(1, meets: false);
        Assert.Empty(LogChecker.Check(path, ThisClone.Catalog, out var lines));
        Assert.Equal("aborted", lines.Single(line => line.Key == "run_stop").Of("status").GetString());
        Assert.Equal(double.PositiveInfinity, RunFacts.Of(path, lines).Convergence);
    }

    [Fact]
    public void The_clock_starts_before_the_data_and_each_line_says_where_it_was_written()
    {
        var lines = MllogLine.Read(logs.Write(7)).Lines;
        var order = lines.Select(line => line.Key).ToList();
        Assert.True(order.IndexOf("init_stop") < order.IndexOf("run_start") && order.IndexOf("run_start") < order.IndexOf("train_samples"));
        Assert.All(lines, line => Assert.Equal("RunLog.cs", line.Of("file").GetString()));
        Assert.Equal(7, lines.Single(line => line.Key == "seed").Value.GetInt32());
        Assert.Contains("not verified by MLCommons", lines.Single(line => line.Key == LogKeys.Notice).Value.GetString());
    }

    [Fact]
    public void A_real_training_logs_what_the_check_accepts_with_its_data_on_the_clock()
    {
        var options = new RunOptions { Seed = 1, Dataset = "synthetic-strokes", UntilTarget = true, SkipMeasuring = true, EvidenceFolder = logs.Folder, LogFolder = logs.Folder };
        using var runner = new WorkloadRunner(ThisClone.Repository, ThisClone.Catalog);
        var outcome = runner.Run(SampleLogs.Entry, options, new Silent());
        Assert.Empty(LogChecker.Check(outcome.LogPath!, ThisClone.Catalog, out var lines));

        double At(string key) => lines.First(line => line.Key == key).TimeMs;
        // Making these pictures takes a second or more, and the training as long as its evidence says.
        Assert.True(At("run_start") < At("train_samples"), "run_start must come before the data is loaded");
        Assert.InRange(At("run_stop") - At("block_start"), 0, 1000 * outcome.Evidence.Cost.TrainSeconds + 50);
        Assert.Equal(outcome.Evidence.Quality.Curve.Select(point => point.Value), lines.Where(line => line.Key == "eval_accuracy").Select(line => line.Value.GetDouble()));
    }

    [Fact]
    public void A_log_that_cannot_be_written_ends_no_training()
    {
        var file = Path.Combine(logs.Folder, "file");
        File.WriteAllText(file, "");
        using var log = RunLog.Begin(file, SampleLogs.Id, 1)!;
        log.RunStart();
        Assert.NotNull(log.Broken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing of the kind\n")]
    [InlineData(":::MLLOG \n")]
    [InlineData(":::MLLOG []\n")]
    [InlineData(":::MLLOG {\"time_ms\":\"soon\",\"key\":1,\"value\":null,\"metadata\":{}}\n")]
    public void Text_that_is_no_log_is_a_finding_not_a_crash(string text)
    {
        var path = Path.Combine(logs.Folder, "odd.log");
        File.WriteAllText(path, text);
        Assert.NotEmpty(LogChecker.Check(path, ThisClone.Catalog, out _));
    }

    [Fact]
    public void What_stands_before_the_token_does_no_harm()
    {
        var path = logs.Write(1);
        File.WriteAllText(path, "\ufeff" + string.Concat(File.ReadAllLines(path).Select(line => $"[12:00] \u001b[32m{line}\r\nother\r\n")));
        Assert.Empty(LogChecker.Check(path, ThisClone.Catalog, out _));
    }

    sealed class Silent : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}
