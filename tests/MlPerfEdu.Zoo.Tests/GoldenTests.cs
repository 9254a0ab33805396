namespace MlPerfEdu.Zoo.Tests;

public class GoldenTests(ITestOutputHelper output)
{
    public static TheoryData<int> SingleNodeCases => [.. Enumerable.Range(0, Golden.Read("single-node.csv").Count)];

    public static TheoryData<int> ServingCases => [.. Enumerable.Range(0, Golden.Read("serving.csv").Count)];

    [Fact]
    public void No_case_is_missing() => Assert.Equal((81, 7), (SingleNodeCases.Count, ServingCases.Count));

    [Theory]
    [MemberData(nameof(SingleNodeCases))]
    public void The_reference_mode_predicts_what_the_original_does(int index)
    {
        var row = Golden.Read("single-node.csv")[index];
        var question = new Question(row.Model, row.Device)
        {
            Batch = (int)row.Number("batch"),
            Dtype = row.Dtype,
            Heuristics = row.Heuristics,
            Training = row.Flag("training"),
            Rules = Rules.Reference,
        };
        var found = SingleNode.Solve(question);
        Assert.Equal((row.Flag("feasible"), row["bandwidth_source"], row["bottleneck"]),
            (found.Fits, $"{found.Level}".ToLowerInvariant(), $"{found.Bottleneck}"));
        Agree(
            ("latency_compute_ms", row, found.Compute.Milliseconds),
            ("latency_memory_ms", row, found.Memory.Milliseconds),
            ("latency_overhead_ms", row, found.Overhead.Milliseconds),
            ("latency_ms", row, found.Latency.Milliseconds),
            ("throughput_per_s", row, found.Throughput),
            ("intensity_flop_per_byte", row, found.Intensity.Value),
            ("mfu", row, found.Mfu),
            ("energy_j", row, found.Energy?.Value ?? 0),
            ("weight_bytes", row, row.Model.Weights(row.Dtype).Value));
    }

    [Theory]
    [MemberData(nameof(ServingCases))]
    public void The_reference_mode_serves_as_the_original_does(int index)
    {
        var row = Golden.Read("serving.csv")[index];
        var found = Serving.Solve(new(row.Model, row.Device)
        {
            Batch = (int)row.Number("batch"),
            Prompt = (int)row.Number("seq_len"),
            CachedPrefix = (int)row.Number("cached_prefix_len"),
            Dtype = row.Dtype,
            Heuristics = row.Heuristics,
            Rules = Rules.Reference,
        });
        Assert.Equal(row.Flag("feasible"), found.Fits);
        Agree(
            ("ttft_ms", row, found.FirstToken.Milliseconds),
            ("itl_ms", row, found.NextToken.Milliseconds),
            ("kv_cache_bytes", row, found.Cache.Value),
            ("weights_bytes", row, found.Weights.Value),
            ("memory_utilization", row, found.Utilisation));
    }

    [Fact]
    public void The_published_values_hold_to_all_their_digits()
    {
        var picture = SingleNode.Solve(Of("resnet50", "a100"));
        Assert.Equal(0.5675641025641026, picture.Latency.Milliseconds, 15);
        Assert.Equal(1761.915518409758, picture.Throughput, 9);
        var text = Serving.Solve(new(ModelZoo.BuiltIn["llama3-8b"], SiliconZoo.BuiltIn["h100"]) { Rules = Rules.Reference });
        Assert.Equal(70.97037058756726, text.FirstToken.Milliseconds, 11);
        Assert.Equal(5.194159837611941, text.NextToken.Milliseconds, 12);
    }

    [Theory]
    [InlineData("a100", 0.26, 3200, 0.10)]
    [InlineData("h100", 0.13, 5000, 0.10)]
    public void Training_resnet50_is_as_fast_as_published(string device, double efficiency, double imagesPerSecond, double within)
    {
        var found = SingleNode.Solve(Of("resnet50", device) with { Batch = 256, Training = true,
            Heuristics = Heuristics.Usual with { Efficiency = efficiency } });
        Assert.InRange(found.Throughput, imagesPerSecond * (1 - within), imagesPerSecond * (1 + within));
    }

    static Question Of(string model, string device) => new(ModelZoo.BuiltIn[model], SiliconZoo.BuiltIn[device]) { Rules = Rules.Reference };

    void Agree(params (string Key, Golden.Row Row, double Actual)[] values)
    {
        var (error, key) = values.Select(value => (Golden.Error(value.Row.Number(value.Key), value.Actual), value.Key)).Max();
        output.WriteLine($"largest difference {error:e2}, in {key}");
        Assert.True(error <= Golden.Tolerance, $"{key} differs by {error:e2} of its value");
    }
}
