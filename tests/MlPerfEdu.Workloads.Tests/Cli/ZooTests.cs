using System.Text.Json;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class ZooTests
{
    [Fact]
    public void A_prediction_says_what_limits_it_and_what_is_doubtful()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, "zoo predict mixtral-8x7b h200 --context 2048");
        Assert.Equal(0, answer.Exit);
        Assert.Contains("bottleneck       memory", answer.Out);
        Assert.Contains("Serving", answer.Out);
        Assert.Contains("to and from experts", answer.Out);
        Assert.Contains("* The original leaves the KV heads out", answer.Out);
    }

    [Theory]
    [InlineData("zoo predict llama3-405b a100", @"throughput       0\.04\d+ inputs/s")]
    [InlineData("zoo predict resnet50 a100", @"throughput       \d\.\d\d k inputs/s")]
    public void A_throughput_cannot_be_read_as_a_speed(string commandLine, string line)
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, commandLine);
        Assert.Matches(line, answer.Out);
        Assert.DoesNotMatch(@"\dm/s|\d m/s", answer.Out);
    }

    [Fact]
    public void The_reference_mode_answers_as_the_original()
    {
        using var clone = new Clone();
        var latency = Answer.To(clone, "zoo predict resnet50 a100 --reference --json").Json.GetProperty("prediction")
            .GetProperty("latency_seconds").GetDouble();
        Assert.Equal(0.5675641025641026e-3, latency, 15);
    }

    [Fact]
    public void Training_takes_longer_and_does_not_fit()
    {
        using var clone = new Clone();
        var training = Answer.To(clone, "zoo predict llama3-8b h100 --train --json").Json;
        Assert.Equal(1024, training.GetProperty("context").GetInt32());
        Assert.False(training.GetProperty("prediction").GetProperty("fits").GetBoolean());
        Assert.Equal(12 * 8.03e9, training.GetProperty("training_memory").GetProperty("optimizer_bytes").GetDouble());
    }

    [Fact]
    public void What_a_given_time_would_take_is_answered()
    {
        using var clone = new Clone();
        var required = Answer.To(clone, "zoo predict llama3-8b h100 --within 2 --json").Json.GetProperty("required");
        Assert.InRange(required.GetProperty("bandwidth_bytes_per_second").GetDouble(), 16.06e9 / 2e-3, 1.3 * 16.06e9 / 2e-3);
        Assert.Contains("dispatching alone takes longer", Answer.To(clone, "zoo predict llama3-8b h100 --within 0.1").Out);
    }

    [Theory]
    [InlineData("zoo sweep resnet50 a100", 14)]
    [InlineData("zoo sweep mamba-2-8b h100 --over context", 14)]
    [InlineData("zoo sweep mixtral-8x7b", 45)]
    public void A_sweep_draws_a_bar_per_point(string commandLine, int points)
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, commandLine);
        var bars = answer.Out.TrimEnd().Split('\n').Skip(1).Select(line => line[(line.LastIndexOf(' ') + 1)..].TrimEnd()).ToList();
        Assert.Equal(points, bars.Count);
        Assert.All(bars, bar => Assert.Matches("^#+$", bar));
        Assert.Equal(points, Answer.To(clone, $"{commandLine} --json").Json.GetProperty("points").GetArrayLength());
    }

    [Fact]
    public void Every_model_and_device_is_listed()
    {
        using var clone = new Clone();
        Assert.Equal(33, Answer.To(clone, "zoo models --json").Json.GetProperty("models").GetArrayLength());
        var devices = Answer.To(clone, "zoo silicon --json").Json.GetProperty("devices").EnumerateArray().ToList();
        Assert.Equal(45, devices.Count);
        Assert.All(devices, device => Assert.Equal(JsonValueKind.Array, device.GetProperty("sources").ValueKind));
    }

    [Fact]
    public void This_machine_is_a_device_with_its_measured_peaks()
    {
        using var clone = new Clone();
        var here = Answer.To(clone, "zoo silicon --here --json").Json.GetProperty("devices").EnumerateArray().Last();
        Assert.Equal("this-machine", here.GetProperty("id").GetString());
        Assert.Equal(100e9, here.GetProperty("peak_flop_per_second").GetDouble());
        Assert.Equal(10e9, here.GetProperty("bandwidth_bytes_per_second").GetDouble());
        var found = Answer.To(clone, "zoo predict resnet50 this-machine --dtype fp32 --json").Json.GetProperty("prediction");
        Assert.Equal(8.2e9 / 50e9, found.GetProperty("compute_seconds").GetDouble(), 12);
    }

    [Fact]
    public void Measured_workloads_are_compared_with_their_predictions()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        clone.Measured(Clone.Second, "2026-01-31T12-00-00Z");
        var compared = Answer.To(clone, "zoo compare --json").Json.GetProperty("workloads").EnumerateArray().ToList();
        Assert.Equal([Clone.First, Clone.Second], compared.Select(row => row.GetProperty("id").GetString()));
        // One millisecond each; 640 FLOP, 2400 bytes and three calls at 10 us.
        Assert.All(compared, row => Assert.Equal(1e-3, row.GetProperty("measured_seconds").GetDouble(), 12));
        Assert.All(compared, row => Assert.InRange(row.GetProperty("predicted_seconds_before").GetDouble(), 3e-5, 3.1e-5));
        // The other workload is its twin, and so teaches nearly all, though the usual constants are off by a factor of thirty.
        Assert.All(compared, row => Assert.InRange(row.GetProperty("error_after").GetDouble(), 0, 0.3));
        Assert.Contains("predicted (+)", Answer.To(clone, "zoo compare").Out);
    }

    [Fact]
    public void A_comparison_passes_by_steps_that_others_disturbed()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        clone.Measured(Clone.First, "2026-01-31T13-00-00Z", record => SampleEvidence.Disturbed(SampleEvidence.Slowed(record, 3)));
        clone.Measured(Clone.Second, "2026-01-31T12-00-00Z", record => SampleEvidence.Disturbed(SampleEvidence.Slowed(record, 2)));
        var measured = Answer.To(clone, "zoo compare --json").Json.GetProperty("workloads").EnumerateArray()
            .Select(row => row.GetProperty("measured_seconds").GetDouble()).ToList();

        // The second has no others.
        Assert.Equal(1e-3, measured[0], 12);
        Assert.Equal(2e-3, measured[1], 12);
    }

    [Fact]
    public void Without_evidence_a_comparison_says_how_to_get_some()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, "zoo compare");
        Assert.Equal(0, answer.Exit);
        Assert.Contains($"no measured evidence of {Clone.First}", answer.Error);
    }

    [Fact]
    public void What_holds_a_model_is_listed_with_its_widest_dtype()
    {
        using var clone = new Clone();
        var h100 = Answer.To(clone, "zoo fit llama3-70b --json").Json.GetProperty("devices").EnumerateArray()
            .Single(device => device.GetProperty("id").GetString() == "h100");
        Assert.Equal("int8", h100.GetProperty("widest").GetString());
    }

    [Fact]
    public void Serving_shows_both_tokens_a_running_batch_and_proposals()
    {
        using var clone = new Clone();
        var json = Answer.To(clone, "zoo serve llama3-70b b200 --dtype fp8 --draft llama3-8b --prompt 1000 --json").Json;
        Assert.InRange(json.GetProperty("next_token_seconds").GetDouble(), 70.6e9 / 8e12, 2 * 70.6e9 / 8e12);
        // 1000 tokens on pages of 16 leave the last half empty.
        Assert.Equal(8.0 / 1008, json.GetProperty("paging_waste").GetDouble(), 9);
        Assert.True(json.GetProperty("continuous_batching").GetProperty("active").GetInt32() > 100);
        Assert.Equal(4, json.GetProperty("speculative_decoding").GetProperty("proposed").GetInt32());
        var page = Answer.To(clone, "zoo serve mamba-2-8b h100").Out;
        Assert.Contains("first token", page);
        Assert.Contains("tokens/s", page);
        Assert.DoesNotContain("Speculative", page);
    }

    [Fact]
    public void What_does_not_fit_is_said_and_serves_nobody()
    {
        using var clone = new Clone();
        var page = Answer.To(clone, "zoo serve llama3-405b h100").Out;
        Assert.Contains("none: the weights leave no memory for one", page);
        Assert.Contains("* the weights and this cache do not fit", page);
    }

    [Fact]
    public void Training_memory_shrinks_with_each_stage_and_names_the_one_that_fits()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, "zoo memory llama3-8b --on h100 --recompute full --json").Json;
        var stages = answer.GetProperty("stages").EnumerateArray().ToList();
        Assert.Equal([12 * 8.03e9, 12 * 8.03e9 / 8, 12 * 8.03e9 / 8, 12 * 8.03e9 / 8],
            stages.Select(stage => stage.GetProperty("optimizer_bytes").GetDouble()));
        Assert.Equal([false, true, true, true], stages.Select(stage => stage.GetProperty("fits").GetBoolean()));
        Assert.Contains("3: and weights", Answer.To(clone, "zoo memory resnet50").Out);
    }

    [Fact]
    public void Collectives_are_drawn_and_need_a_link()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, "zoo collectives mixtral-8x7b h100 --nodes 4 --batch 4096");
        Assert.Contains("hierarchical all-reduce", answer.Out);
        Assert.Contains("all-to-all", answer.Out);
        Assert.Contains("a pipeline of 32 stages idles 49.2 % of its time", answer.Out);
        var refused = Answer.To(clone, "zoo collectives llama3-8b v100-pcie");
        Assert.Equal((2, true), (refused.Exit, refused.Error.Contains("MLP2217", StringComparison.Ordinal)));
        Assert.Contains("MLP2213", Answer.To(clone, "zoo collectives llama3-8b h100 --between -1").Error);
    }
}
