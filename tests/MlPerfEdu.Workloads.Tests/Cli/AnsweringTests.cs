using MlPerfEdu.Catalog;
using MlPerfEdu.Cli;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Workloads.Tests.LoadGen;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>The commands with an entry that answers queries.</summary>
public sealed class AnsweringTests : IDisposable
{
    readonly Clone clone = new();

    public AnsweringTests() => clone.AddAnswering();

    public void Dispose() => clone.Dispose();

    [Theory]
    [InlineData("run answering-workload", null)]
    [InlineData("run answering-workload --scenario offline", LoadScenario.Offline)]
    [InlineData("run --suite small --scenario multi_stream", LoadScenario.MultiStream)]
    public void A_scenario_is_passed_on_by_its_name(string commandLine, LoadScenario? expected)
    {
        LoadScenario? asked = LoadScenario.SingleStream;
        var answer = Run(commandLine, (entry, options, _, _) =>
        {
            asked = options.Scenario;
            return Passed(entry.Id);
        });
        Assert.Equal(0, answer.Exit);
        Assert.Equal(expected, asked);
    }

    [Theory]
    [InlineData("run first-workload --scenario offline", "MLP2016")]
    [InlineData("run answering-workload --scenario sometimes", "single_stream")]
    [InlineData("run answering-workload --qps 0", "--qps '0'")]
    [InlineData("run answering-workload --qps 5 --scenario offline", "MLP2051")]
    [InlineData("run first-workload --qps 5", "MLP2051")]
    [InlineData("run first-workload --find-peak", "MLP2051")]
    [InlineData("run answering-workload --find-peak --scenario offline", "MLP2051")]
    [InlineData("run first-workload --accuracy there", "MLP2052")]
    public void A_scenario_that_cannot_be_is_refused(string commandLine, string expected)
    {
        var answer = Run(commandLine, (_, _, _, _) => throw new InvalidOperationException("must not run"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains(expected, answer.Error);
    }

    [Fact]
    public void A_rate_is_passed_on()
    {
        double? asked = null;
        var answer = Run("run answering-workload --scenario server --qps 2.5", (entry, options, _, _) =>
        {
            asked = options.TargetRate;
            return Passed(entry.Id);
        });
        Assert.Equal((0, 2.5), (answer.Exit, asked));
    }

    [Theory]
    [InlineData("run answering-workload --find-peak", 10, 0, "Peak of answering-workload: 10 queries per second")]
    [InlineData("run answering-workload --find-peak --qps 20", 10, 1, "Begin lower")]
    public void The_rates_of_a_search_are_shown_with_its_peak(string commandLine, double capacity, int exit, string expected)
    {
        var answer = Answer.To(clone, commandLine.Split(' '), services => services with
        {
            PeakFinder = (_, _) => (entry, options, _, _) => PeakSearch.Find(
                options.TargetRate ?? entry.Load.TargetRate, rate => new TriedRate(rate, rate <= capacity, "latency", rate)),
        });
        Assert.Equal(exit, answer.Exit);
        Assert.Contains(expected, answer.Out);
        if (exit == 0)
            Assert.Contains("120 % of the peak", answer.Out);
    }

    [Fact]
    public void Answers_to_all_samples_are_written_under_the_name_that_scripts_look_for()
    {
        var folder = Path.Combine(clone.Repository.Root, "answers");
        var answer = Answer.To(
            clone, ["run", Clone.Answering, "--accuracy", folder], services => services with { Answerer = (_, _) => (_, _, _, _) => "[\n]\n" });
        Assert.Equal(0, answer.Exit);
        Assert.Equal("[\n]\n", File.ReadAllText(Path.Combine(folder, "mlperf_log_accuracy.json")));
    }

    [Fact]
    public void Its_checks_stand_where_others_have_a_target() => Assert.Contains("cache_error ≤ 0.0001", Answer.To(clone, ["list"]).Out);

    [Fact]
    public void Its_page_names_where_weights_and_data_come_from()
    {
        var page = Answer.To(clone, ["show", Clone.Answering]).Out;
        Assert.Contains("Weights and data of first-workload", page);
        Assert.Contains("synthetic-strokes", page);
        Assert.Contains("load.queries", page);
    }

    [Fact]
    public void Its_evidence_can_be_a_baseline()
    {
        EvidenceFile.Write(clone.Repository.NewEvidenceFolder, Answered("2026-01-31T12-00-00Z"));
        var accepted = Answer.To(clone, ["accept", Clone.Answering]);
        Assert.True(accepted.Exit == 0, accepted.Error);
        Assert.Single(clone.Model(Clone.Answering).Regimes);
        Assert.Equal(0, Answer.To(clone, ["verify"]).Exit);
    }

    // Every answer takes a millisecond.
    EvidenceRecord Answered(string at)
    {
        var entry = (InferenceEntry)clone.Model(Clone.Answering);
        var (load, time) = (ServingSession.Settings(entry.Load, LoadScenario.Server, seed: 1), new VirtualTime());
        var answers = new LoadGenerator(load, time).Run(new OneByOne(new FixedSystem(time, 1_000_000)), _ => { });
        var metrics = new Dictionary<string, double>(LoadFigures.Of(load, answers)) { ["cache_error"] = 1e-6 };
        var quality = new QualityRecord(QualityCheck.Of(entry.Checks[0], 1e-6), [], [], metrics);
        return SampleEvidence.Of(entry, at) with
        {
            Serving = new(load, answers),
            Quality = quality,
            Cost = new(TrainSeconds: 100, null, 1.5, 500_000_000),
            Validity = [.. QualityValidity.Lines(quality), .. LoadValidity.Lines(load, answers), SampleEvidence.DataAsDeclared],
        };
    }

    Answer Run(string commandLine, RunWorkload run) =>
        Answer.To(clone, commandLine.Split(' '), services => services with { Runner = (_, _) => run });

    RunOutcome Passed(string id)
    {
        var record = SampleEvidence.Of(clone.Model(id), "2026-01-31T12-00-00Z");
        var (path, written) = EvidenceFile.Write(clone.Repository.NewEvidenceFolder, record);
        return new(written, path, []);
    }
}
