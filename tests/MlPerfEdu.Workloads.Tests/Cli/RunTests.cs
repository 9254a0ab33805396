using MlPerfEdu.Cli;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class RunTests
{
    [Fact]
    public void A_passing_suite_exits_0_and_shows_a_row_per_run_and_a_card_per_workload()
    {
        using var clone = new Clone();
        var seeds = new List<int>();
        var answer = Run(clone, "run --suite small --seeds 2..3", (entry, options, _, _) =>
        {
            seeds.Add(options.Seed);
            return Passed(clone, entry.Id);
        });
        Assert.Equal(0, answer.Exit);
        Assert.Equal([2, 3, 2, 3], seeds);
        Assert.Equal(4, answer.Out.Split('\n').Count(line => line.EndsWith("PASS", StringComparison.Ordinal)));
        Assert.Equal(2, answer.Out.Split('\n').Count(line => line.Contains("-workload: PASS, 2 of 2 seeds passed", StringComparison.Ordinal)));
        Assert.Contains("artifacts/evidence/first-workload_", answer.Out);
        // One point for each workload, whatever the number of its seeds.
        Assert.Equal(3, answer.Out.Split('\n').Count(line => line.StartsWith("Plot: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_will_run_is_said_before_anything_does()
    {
        using var clone = new Clone();
        var said = "";
        using var error = new StringWriter();
        Answer.To(clone, ["run", "--suite", "small", "--seeds", "1..2"], services => services with
        {
            Error = error,
            Runner = (_, _) => (entry, _, _, _) =>
            {
                said = said.Length > 0 ? said : error.ToString();
                return Passed(clone, entry.Id);
            },
        });
        Assert.Equal("To run: first-workload, second-workload, from 2 seeds.", said.TrimEnd());
    }

    [Fact]
    public void A_run_that_takes_more_memory_than_its_budget_fails_and_says_what_to_do()
    {
        using var clone = new Clone();
        var answer = Run(clone, "run first-workload", (entry, _, _, _) => Outcome(clone, WithCost(clone, entry.Id, new(60, 512), megabytes: 513, seconds: 12)));
        Assert.Equal(1, answer.Exit);
        Assert.Contains("memory budget: NO (found 513 MB resident at the peak of the run → expected at most 512 MB → hold fewer tensors", answer.Out);
        Assert.Contains("513 of 512 MB", answer.Out);
    }

    [Fact]
    public void A_run_that_takes_longer_than_its_budget_passes_with_one_line_that_says_so()
    {
        using var clone = new Clone();
        var answer = Run(clone, "run first-workload", (entry, _, _, _) => Outcome(clone, WithCost(clone, entry.Id, new(60, 512), megabytes: 512, seconds: 61)));
        Assert.Equal(0, answer.Exit);
        Assert.Single(answer.Out.Split('\n'), line => line.Contains("found 61 s of work → expected at most 60 s", StringComparison.Ordinal));
        Assert.Contains("512 of 512 MB", answer.Out);
    }

    [Fact]
    public void Fp32_instead_of_bf16_is_said_once()
    {
        using var clone = new Clone();
        var answer = Run(clone, "run --suite small --seeds 1..3", (entry, _, _, _) => Passed(clone, entry.Id) with { Fallback = "precision: fp32, not bf16" });
        Assert.Single(answer.Out.Split('\n'), line => line.Contains("precision: fp32, not bf16", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failing_workload_does_not_stop_the_others()
    {
        using var clone = new Clone();
        var answer = Run(clone, "run first-workload second-workload --json", (entry, _, _, _) =>
            entry.Id == Clone.First ? throw new RunException("MLP1502", "no data") : Passed(clone, entry.Id));
        Assert.Equal(3, answer.Exit);
        var runs = answer.Json.GetProperty("runs");
        Assert.Equal("MLP1502", runs[0].GetProperty("error").GetProperty("code").GetString());
        Assert.True(runs[1].GetProperty("passed").GetBoolean());
        Assert.False(answer.Json.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public void A_missed_target_weighs_more_than_an_error()
    {
        using var clone = new Clone();
        var answer = Run(clone, "run --suite small", (entry, _, _, _) =>
            entry.Id == Clone.First ? throw new RunException("MLP1502", "no data") : Outcome(clone, SampleEvidence.Of(clone.Entry(entry.Id), "2026-01-31T12-00-00Z", accuracy: 0.5)));
        Assert.Equal(1, answer.Exit);
        Assert.Contains("accuracy 0.5 at least 0.9: missed", answer.Out);
        Assert.Contains("FAIL", answer.Out);
    }

    [Fact]
    public void A_regime_that_is_not_the_expected_one_fails_with_both_values()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-30T12-00-00Z");
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
        var yaml = File.ReadAllText(clone.Repository.WorkloadsYaml);
        File.WriteAllText(clone.Repository.WorkloadsYaml, yaml.Replace("cache_resident", "dram_bound"));

        var answer = Run(clone, "run first-workload", (entry, _, _, _) => Passed(clone, entry.Id));
        Assert.Equal(1, answer.Exit);
        Assert.Contains("measured cache_resident, expected dram_bound", answer.Out);
        Assert.Contains("first-workload: FAILED in working_set (cache_resident instead of dram_bound); accuracy ", answer.Error);
        var next = Assert.Single(answer.Out.Split('\n'), line => line.Contains("`mlperfedu diff ", StringComparison.Ordinal));
        Assert.Contains("`mlperfedu accept first-workload` makes this run the baseline", next);
        Assert.Equal(0, Answer.To(clone, ["diff", .. next.Split('`')[1].Split(' ')[2..].Select(path => Path.Combine(clone.Repository.Root, path))]).Exit);
    }

    [Fact]
    public void Only_a_measured_run_is_offered_as_a_baseline()
    {
        using var clone = new Clone();
        const string Offer = "`mlperfedu accept first-workload` makes one";
        Assert.Contains(Offer, Run(clone, "run first-workload", (entry, _, _, _) => Passed(clone, entry.Id)).Out);
        Assert.DoesNotContain(Offer, Run(clone, "run first-workload --no-measure", (entry, _, _, _) =>
        {
            var (run, nothing) = (SampleEvidence.Of(clone.Entry(entry.Id), "2026-01-31T12-00-01Z"), StepMeasurement.None("left out"));
            return Outcome(clone, run with { Measurement = nothing, Regimes = RegimeDerivation.Derive(run.Count, nothing, run.Peaks, run.Thresholds) });
        }).Out);
    }

    [Fact]
    public void Our_own_mistakes_exit_5_and_keep_their_stack_for_verbose()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, ["peaks"], services => services with { Peaks = (_, _, _, _, _) => throw new NotSupportedException("oops") });
        Assert.Equal(5, answer.Exit);
        Assert.Contains("this is our bug: NotSupportedException: oops", answer.Error);
        Assert.DoesNotContain("   at ", answer.Error);
        Assert.Contains("   at ", Answer.To(clone, ["peaks", "--verbose"], services => services with { Peaks = (_, _, _, _, _) => throw new NotSupportedException("oops") }).Error);
    }

    [Fact]
    public void A_request_to_stop_keeps_what_was_done_and_exits_130()
    {
        using var clone = new Clone();
        using var stop = new CancellationTokenSource();
        var started = new List<string>();
        var answer = Answer.To(clone, ["run", "--suite", "small"], services => services with
        {
            Stop = stop.Token,
            Runner = (_, _) => (entry, _, progress, _) =>
            {
                started.Add(entry.Id);
                if (entry.Id == Clone.Second)
                    stop.Cancel();
                progress.Report("training", 0.5, "");
                return Passed(clone, entry.Id);
            },
        });
        Assert.Equal(130, answer.Exit);
        Assert.Equal([Clone.First, Clone.Second], started);
        Assert.Contains(Clone.First, answer.Out);
        Assert.DoesNotContain(Clone.Second, answer.Out);
        Assert.Contains("MLP2098", answer.Error);
    }

    static Answer Run(Clone clone, string commandLine, RunWorkload run) =>
        Answer.To(clone, commandLine.Split(' '), services => services with { Runner = (_, _) => run });

    static EvidenceRecord WithCost(Clone clone, string id, Budget budget, long megabytes, double seconds)
    {
        var record = SampleEvidence.Of(clone.Entry(id), "2026-01-31T12-00-00Z");
        var cost = record.Cost with { TrainSeconds = seconds, PeakMemoryBytes = megabytes << 20, Budget = budget };
        return record with { Cost = cost, Validity = [.. record.Validity, .. BudgetValidity.Lines(cost)] };
    }

    static RunOutcome Passed(Clone clone, string id) => Outcome(clone, SampleEvidence.Of(clone.Entry(id), "2026-01-31T12-00-00Z"));

    static RunOutcome Outcome(Clone clone, EvidenceRecord record)
    {
        var (path, written) = EvidenceFile.Write(clone.Repository.NewEvidenceFolder, record);
        return new(written, path, []);
    }
}
