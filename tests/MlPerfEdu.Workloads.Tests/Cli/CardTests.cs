using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>What `run` ends with, and how little it can say.</summary>
public sealed class CardTests : IDisposable
{
    readonly Clone clone = new();

    public void Dispose() => clone.Dispose();

    [Fact]
    public void A_card_says_in_ten_lines_how_it_went_and_what_to_try_next()
    {
        var card = Card(Run("run first-workload", Evidence));
        Assert.InRange(card.Count, 5, 10);
        Assert.Equal("first-workload: PASS, seed 1, synthetic-strokes (embedded)", card[0]);
        Assert.Contains("  score            accuracy 0.93 (at least 0.9)", card);
        Assert.Contains("  trivial answer   the commonest class 0.5", card);
        Assert.Contains("  time to target   8.0 s of 13 s of training", card);
        Assert.Contains(card, line => line.StartsWith("  step limited by  ", StringComparison.Ordinal) && line.Contains("1.00 ms", StringComparison.Ordinal));
        Assert.Contains("  next             no baseline for this machine class; `mlperfedu accept first-workload` makes one", card);
        Assert.Contains("  page             `mlperfedu show first-workload`", card);
    }

    [Fact]
    public void A_trivial_answer_that_only_its_workload_names_is_shown_too()
    {
        var card = Card(Run("run first-workload", (id, seed) =>
        {
            var record = Evidence(id, seed);
            var metrics = new Dictionary<string, double>(record.Quality.Metrics) { ["best_guess_accuracy"] = 0.25, ["cache_accuracy"] = 0.75 };
            return record with { Quality = record.Quality with { Metrics = metrics, TrivialAnswers = ["best_guess_accuracy"] } };
        }));
        Assert.Contains("  trivial answer   the commonest class 0.5, best guess accuracy 0.25", card);
    }

    [Fact]
    public void Several_seeds_are_one_card_with_the_range_of_their_scores()
    {
        var card = Card(Run("run first-workload --seeds 1..3", (id, seed) => SampleEvidence.Of(clone.Entry(id), $"2026-01-31T12-00-0{seed}Z", 0.85 + 0.03 * seed)));
        Assert.Equal("first-workload: FAIL, 2 of 3 seeds passed, synthetic-strokes (embedded)", card[0]);
        Assert.Contains("  score            accuracy 0.88 to 0.94 (at least 0.9)", card);
        Assert.InRange(card.Count, 5, 10);
    }

    [Fact]
    public void A_missed_target_sends_to_the_curve()
    {
        var card = Card(Run("run first-workload", (id, _) => SampleEvidence.Of(clone.Entry(id), "2026-01-31T12-00-00Z", accuracy: 0.5)));
        Assert.StartsWith("first-workload: FAIL", card[0]);
        Assert.Contains(card, line => line.Contains("`mlperfedu watch first-workload`", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_without_measuring_says_how_to_measure()
    {
        var card = Card(Run("run first-workload", (id, seed) =>
        {
            var (record, nothing) = (Evidence(id, seed), StepMeasurement.None("left out"));
            return record with { Measurement = nothing, Regimes = RegimeDerivation.Derive(record.Count, nothing, record.Peaks, record.Thresholds) };
        }));
        Assert.Contains("  step limited by  not measured", card);
        Assert.Contains(card, line => line.Contains("without --no-measure", StringComparison.Ordinal));
    }

    [Fact]
    public void An_error_is_a_card_too()
    {
        var card = Card(Run("run first-workload", (_, _) => throw new RunException("MLP1502", "no data")));
        Assert.Equal("first-workload: ERROR MLP1502, seed 1", card[0]);
        Assert.Contains("  score  no data", card);
    }

    [Fact]
    public void Quiet_leaves_a_line_per_workload_and_errors()
    {
        var answer = Run("run --suite small --seeds 1..2 --quiet", Evidence);
        Assert.Equal("first-workload: PASS, 2 of 2 seeds passed, synthetic-strokes (embedded)\nsecond-workload: PASS, 2 of 2 seeds passed, synthetic-strokes (embedded)\n", answer.Out);
        Assert.Equal("", answer.Error);
        Assert.Contains("MLP1502", Run("run first-workload --quiet", (_, _) => throw new RunException("MLP1502", "no data")).Error);
    }

    [Fact]
    public void Progress_can_be_left_out_and_all_else_stays()
    {
        Assert.Contains("training 50 %", Run("run first-workload", Evidence).Error);
        var answer = Run("run first-workload --no-progress", Evidence);
        Assert.DoesNotContain("training 50 %", answer.Error);
        Assert.Contains("first-workload: passed", answer.Error);
        Assert.InRange(Card(answer).Count, 5, 10);
    }

    [Fact]
    public void The_report_of_this_clone_fits_a_hundred_columns()
    {
        var report = new ResultsReport(ThisClone.Catalog, new EvidenceStore(ThisClone.Repository, ThisClone.Catalog), committedOnly: true);
        foreach (int? width in new int?[] { null, 100 })
        {
            using var text = new StringWriter();
            report.Draw(new(text, width, isPlain: true));
            var lines = text.ToString().Split('\n');
            Assert.All(lines, line => Assert.InRange(line.Length, 0, 100));
            // Not one under the other, as on a terminal that is too narrow.
            Assert.Contains(lines, line => line.Contains("nanogpt-train", StringComparison.Ordinal) && line.Contains("cross_entropy", StringComparison.Ordinal));
        }
    }

    EvidenceRecord Evidence(string id, int seed)
    {
        var record = SampleEvidence.Of(clone.Entry(id), $"2026-01-31T12-00-0{seed}Z");
        return record with { Quality = record.Quality with { Metrics = new Dictionary<string, double> { ["commonest_class_accuracy"] = 0.5 } } };
    }

    static List<string> Card(Answer answer) =>
        [.. answer.Out.TrimEnd().Split('\n').Reverse().TakeWhile(line => line.Length > 0).Reverse()];

    Answer Run(string commandLine, Func<string, int, EvidenceRecord> evidence)
    {
        var clock = new SlowClock();
        return Answer.To(clone, commandLine.Split(' '), services => services with
        {
            Clock = clock,
            Runner = (_, _) => (entry, options, progress, _) =>
            {
                clock.Advance();
                progress.Report("training", 0.5, "");
                var (path, written) = EvidenceFile.Write(clone.Repository.NewEvidenceFolder, evidence(entry.Id, options.Seed));
                return new(written, path, []);
            },
        });
    }

    /// <summary>Goes on when told to, so that progress is due.</summary>
    sealed class SlowClock : TimeProvider
    {
        long seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds;

        public void Advance() => seconds += 60;
    }
}
