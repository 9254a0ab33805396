using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Mllog;

namespace MlPerfEdu.Workloads.Tests.Cli;

public sealed class WatchTests : IDisposable
{
    readonly Clone clone = new();

    readonly List<RunLog> opened = [];

    WorkloadEntry Entry => clone.Entry(Clone.First);

    public void Dispose()
    {
        opened.ForEach(log => log.Dispose());
        clone.Dispose();
    }

    [Fact]
    public void A_finished_run_shows_loss_and_score_with_the_line_of_the_target()
    {
        Log(1, over: true, 0.5, 0.95);
        var answer = Answer.To(clone, "watch first-workload");
        Assert.Equal(0, answer.Exit);
        Assert.Contains("first-workload: accuracy, target at least 0.9", answer.Out);
        Assert.Contains("b target", answer.Out);
        Assert.Contains("first-workload: loss", answer.Out);
        Assert.EndsWith("first-workload, seed 1, synthetic-strokes\nstep 6 of 6; last score 0.95, accuracy at least 0.9; target met.\n", answer.Out);
        Assert.All(answer.Out, letter => Assert.True(char.IsAscii(letter) && letter != '\u001b', $"'{letter}'"));
        Assert.All(answer.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Off_a_terminal_a_run_that_goes_on_is_shown_once()
    {
        Log(1, over: false, 0.5);
        Assert.EndsWith("step 3 of 6; last score 0.5, accuracy at least 0.9; it goes on.\n", Answer.To(clone, "watch first-workload").Out);
    }

    [Fact]
    public void A_run_that_was_stopped_is_not_waited_for()
    {
        Log(1, over: false, 0.5);
        opened[^1].Dispose();
        var answer = Answer.To(clone, ["watch", "first-workload"], services => services with { OutWidth = 90 });
        Assert.Contains("stopped before its end.", answer.Out);
    }

    [Fact]
    public void Before_the_first_score_there_is_only_the_loss()
    {
        Log(1, over: false);
        var shown = Answer.To(clone, "watch first-workload").Out;
        Assert.DoesNotContain("b target", shown);
        Assert.Contains("no score yet", shown);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void On_a_terminal_it_goes_on_until_the_run_is_over(bool noColor)
    {
        Log(1, over: false, 0.5);
        var path = LogFolder.Of(clone.Repository.LogFolder, Clone.First, 1);
        var later = new Thread(() =>
        {
            Thread.Sleep(300);
            Log(1, over: true, 0.5, 0.95);
        });
        later.Start();
        var answer = Answer.To(clone, ["watch", "first-workload"], services => services with { OutWidth = 90 }, noColor ? new() { ["NO_COLOR"] = "1" } : null);
        later.Join();
        Assert.Contains(noColor ? "step 6 of 6: accuracy 0.95 (target at least 0.9)" : "target met.", answer.Out);
        if (noColor)
            Assert.DoesNotContain('\u001b', answer.Out);
    }

    [Fact]
    public void Of_several_runs_the_newest_is_shown_unless_a_seed_is_named()
    {
        Log(1, over: true, 0.5, 0.91);
        Log(2, over: true, 0.5, 0.92);
        File.SetLastWriteTimeUtc(LogFolder.Of(clone.Repository.LogFolder, Clone.First, 1), DateTime.UtcNow.AddHours(-1));
        Assert.Contains("last score 0.92", Answer.To(clone, "watch first-workload").Out);
        Assert.Contains("last score 0.91", Answer.To(clone, "watch first-workload --seed 1").Out);
    }

    [Fact]
    public void Without_a_log_the_scores_of_the_newest_sidecar_are_shown()
    {
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        Assert.Contains("last score 0.93", Answer.To(clone, "watch first-workload").Out);
        Assert.Equal(0.93, Answer.To(clone, "watch first-workload --json").Json.GetProperty("scores")[1].GetProperty("value").GetDouble());
    }

    [Fact]
    public void Nothing_to_watch_says_how_to_get_something()
    {
        var answer = Answer.To(clone, "watch first-workload");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("MLP2095", answer.Error);
        Assert.Contains("`mlperfedu run first-workload`", answer.Error);
    }

    void Log(int seed, bool over, params double[] scores)
    {
        // Left open, as that of a run that goes on.
        var log = RunLog.Begin(clone.Repository.LogFolder, Clone.First, seed)!;
        opened.Add(log);
        log.Submission(Entry, Entry.Data[0], seed, "Model 9");
        log.RunStart();
        var steps = 0L;
        log.Loss(After(1), 0.7);
        foreach (var score in scores)
        {
            steps += 3;
            log.Loss(After(steps), 0.7 - 0.05 * steps);
            log.Accuracy(After(steps), "accuracy", score);
            if (score >= 0.9)
                log.RunStop(After(steps), success: true);
        }

        if (over)
            log.Over();

        Trained After(long done) => new(done, Entry.Recipe);
    }
}
