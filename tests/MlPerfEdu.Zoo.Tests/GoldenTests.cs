using System.Globalization;
using System.Reflection;

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
        var prediction = SingleNode.Solve(question);
        Assert.Equal((row.Flag("feasible"), row["bandwidth_source"], row["bottleneck"]),
            (prediction.Fits, $"{prediction.Level}".ToLowerInvariant(), $"{prediction.Bottleneck}"));
        Agree(
            ("latency_compute_ms", row, prediction.Compute.Milliseconds),
            ("latency_memory_ms", row, prediction.Memory.Milliseconds),
            ("latency_overhead_ms", row, prediction.Overhead.Milliseconds),
            ("latency_ms", row, prediction.Latency.Milliseconds),
            ("throughput_per_s", row, prediction.Throughput),
            ("intensity_flop_per_byte", row, prediction.Intensity.Value),
            ("mfu", row, prediction.Mfu),
            ("energy_j", row, prediction.Energy?.Value ?? 0),
            ("weight_bytes", row, row.Model.Weights(row.Dtype).Value));
    }

    [Theory]
    [MemberData(nameof(ServingCases))]
    public void The_reference_mode_serves_as_the_original_does(int index)
    {
        var row = Golden.Read("serving.csv")[index];
        var serving = Serving.Solve(new(row.Model, row.Device)
        {
            Batch = (int)row.Number("batch"),
            Prompt = (int)row.Number("seq_len"),
            CachedPrefix = (int)row.Number("cached_prefix_len"),
            Dtype = row.Dtype,
            Heuristics = row.Heuristics,
            Rules = Rules.Reference,
        });
        Assert.Equal(row.Flag("feasible"), serving.Fits);
        Agree(
            ("ttft_ms", row, serving.FirstToken.Milliseconds),
            ("itl_ms", row, serving.NextToken.Milliseconds),
            ("kv_cache_bytes", row, serving.Cache.Value),
            ("weights_bytes", row, serving.Weights.Value),
            ("memory_utilization", row, serving.Utilisation));
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
        var prediction = SingleNode.Solve(Of("resnet50", device) with { Batch = 256, Training = true,
            Heuristics = Heuristics.Usual with { Efficiency = efficiency } });
        Assert.InRange(prediction.Throughput, imagesPerSecond * (1 - within), imagesPerSecond * (1 + within));
    }

    static Question Of(string model, string device) => new(ModelZoo.BuiltIn[model], SiliconZoo.BuiltIn[device]) { Rules = Rules.Reference };

    void Agree(params (string Key, Golden.Row Row, double Actual)[] values)
    {
        var (error, key) = values.Select(value => (Golden.Error(value.Row.Number(value.Key), value.Actual), value.Key)).Max();
        output.WriteLine($"largest difference {error:e2}, in {key}");
        Assert.True(error <= Golden.Tolerance, $"{key} differs by {error:e2} of its value");
    }
}

/// <summary>
/// Outputs of a separate program that follows the formulas and registries of MLSys·im and was checked against that project's own
/// expectations. Ten digits are printed, so a value agrees when it is within 1e-9 of it.
/// </summary>
static class Golden
{
    public const double Tolerance = 1e-9;

    public static IReadOnlyList<Row> Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().TrimEnd().Split('\n');
        var keys = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => new Row(keys.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second)))];
    }

    public static double Error(double expected, double actual) =>
        Math.Abs(actual - expected) / Math.Max(Math.Abs(expected), double.Epsilon);

    public sealed class Row(Dictionary<string, string> values)
    {
        public string this[string key] => values[key];

        public double Number(string key) => double.Parse(values[key], CultureInfo.InvariantCulture);

        public bool Flag(string key) => bool.Parse(values[key]);

        public Model Model => ModelZoo.BuiltIn[values["model"]].Original;

        public Device Device => SiliconZoo.BuiltIn[values["hardware"]].Original;

        public Dtype Dtype => Dtypes.Find(values["precision"])!.Value;

        public Heuristics Heuristics => Heuristics.Usual with { Efficiency = Number("efficiency") };
    }
}
