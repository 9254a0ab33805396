using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>An experiment through every command: asked for real, with few and small sizes.</summary>
public sealed class ExperimentCommandTests : IDisposable
{
    const string Entry =
        """

          asked:
            cache-probe:
              experiment: Where does it fall?
              tier: quick
              geometry: { points_per_octave_near: 2, points_per_octave_far: 1, largest_llc_multiple: 1, repeats: 2, sample_mb: 1 }
              checks: [{ metric: fewest_samples, at_least: 2 }]
              errata: [{ field: metric, seed_value: GFLOPS/MB, found: inverse latency, ours: GB/s }]
        """;

    readonly Clone clone = new();

    public ExperimentCommandTests() =>
        clone.Write("workloads/workloads.yaml", File.ReadAllText(clone.Repository.WorkloadsYaml).TrimEnd() + Entry + "\n");

    public void Dispose() => clone.Dispose();

    [Fact]
    public void A_run_answers_with_tables_checks_and_evidence_that_verifies()
    {
        var answer = Ask();

        Assert.Equal(0, answer.Exit);
        Assert.Contains("cache-probe: Where does it fall?", answer.Out, StringComparison.Ordinal);
        Assert.Contains("| set ", answer.Out, StringComparison.Ordinal);
        Assert.Contains("fewest_samples      2  ≥ 2    PASS", answer.Out, StringComparison.Ordinal);
        Assert.Contains("all hold", Answer.To(clone, "verify").Out, StringComparison.Ordinal);
        Assert.Contains("Streaming speed", Answer.To(clone, "show cache-probe").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missed_check_fails_the_run()
    {
        clone.Write("workloads/workloads.yaml", File.ReadAllText(clone.Repository.WorkloadsYaml).Replace("at_least: 2 }", "at_least: 3 }", StringComparison.Ordinal));
        var answer = Answer.To(clone, "run cache-probe --json");

        Assert.Equal(1, answer.Exit);
        var experiment = answer.Json.GetProperty("experiments")[0];
        Assert.False(experiment.GetProperty("passed").GetBoolean());
        Assert.False(experiment.GetProperty("checks")[0].GetProperty("met").GetBoolean());
    }

    [Fact]
    public void A_metric_that_does_not_follow_from_the_points_is_found_even_under_a_good_seal()
    {
        Ask();
        var path = Directory.GetFiles(clone.Repository.NewEvidenceFolder).Single();
        var record = CanonicalJson.Deserialize<ExperimentRecord>(File.ReadAllBytes(path));
        File.Delete(path);
        EvidenceFile.Write(clone.Repository.NewEvidenceFolder, record with
        {
            Metrics = record.Metrics.ToDictionary(metric => metric.Key, metric => metric.Key == "sizes" ? 1000 : metric.Value),
        });
        var answer = Answer.To(clone, "verify");

        Assert.Equal(1, answer.Exit);
        Assert.Contains("MLP3013", answer.Out, StringComparison.Ordinal);
        Assert.Contains("sizes 1000", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void One_flipped_byte_is_found()
    {
        Ask();
        var path = Directory.GetFiles(clone.Repository.NewEvidenceFolder).Single();
        var bytes = File.ReadAllBytes(path);
        var random = new Random(3);
        for (var turn = 0; turn < 40; turn++)
        {
            var at = random.Next(bytes.Length);
            var bit = (byte)(1 << random.Next(8));
            bytes[at] ^= bit;
            File.WriteAllBytes(path, bytes);
            Assert.Equal((at, 1), (at, Answer.To(clone, "verify").Exit));
            bytes[at] ^= bit;
        }
    }

    [Fact]
    public void The_list_has_its_question_and_accept_refuses_it()
    {
        Assert.Contains("Where does it fall?", Answer.To(clone, "list --suite asked").Out, StringComparison.Ordinal);
        Assert.Contains("MLP2015", Answer.To(clone, "accept cache-probe").Error, StringComparison.Ordinal);
    }

    Answer Ask() => Answer.To(clone, ["run", "cache-probe"]);
}
