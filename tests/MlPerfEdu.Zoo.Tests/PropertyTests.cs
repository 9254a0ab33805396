namespace MlPerfEdu.Zoo.Tests;

/// <summary>What must hold for any model on any device, in both modes.</summary>
public class PropertyTests
{
    const int Rounds = 5_000;

    // Sums in another order may differ in the last digits.
    const double Rounding = 1e-12;

    public static TheoryData<Rules> Modes => [Rules.Ours, Rules.Reference];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_better_device_is_never_slower(Rules rules) => Each(rules, (zoo, question) =>
    {
        var before = SingleNode.Solve(question).Latency;
        var device = question.Device;
        var more = zoo.Log(1, 100);
        NotAbove(before, SingleNode.Solve(question with { Device = device with { Bandwidth = device.Bandwidth * more } }).Latency,
            "more bandwidth");
        NotAbove(before, SingleNode.Solve(question with { Device = device with { Peaks = device.Peaks.Times(more) } }).Latency,
            "a higher peak");
        NotAbove(before, SingleNode.Solve(question with { Device = device with { Capacity = device.Capacity * more } }).Latency,
            "more memory");
    });

    [Theory]
    [MemberData(nameof(Modes))]
    public void More_to_do_is_never_cheaper(Rules rules) => Each(rules, (zoo, question) =>
    {
        var before = SingleNode.Solve(question);
        var larger = SingleNode.Solve(question with { Batch = question.Batch + zoo.Between(1, 100) });
        NotAbove(larger.Latency, before.Latency, "a larger batch");
        NotAbove(larger.Footprint, before.Footprint, "the memory of a larger batch");
        if (question.Context == 0) return;
        var longer = SingleNode.Solve(question with { Context = question.Context + zoo.Between(1, 1000) });
        NotAbove(longer.Latency, before.Latency, "a longer context");
        NotAbove(longer.Footprint, before.Footprint, "the memory of a longer context");
    });

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_parts_of_a_prediction_belong_together(Rules rules) => Each(rules, (_, question) =>
    {
        var prediction = SingleNode.Solve(question);
        Assert.Equal(Duration.Max(prediction.Compute, prediction.Memory) + prediction.Overhead, prediction.Latency);
        Assert.Equal(prediction.Memory > prediction.Compute, prediction.Bottleneck == Bottleneck.Memory);
        Assert.InRange(prediction.Mfu, 0, 1);
        Assert.True(prediction.Mfu <= question.Heuristics.Efficiency * (1 + Rounding), "more of the peak than the efficiency allows");
        Assert.True(double.IsFinite(prediction.Latency.Value) && prediction.Latency.Value > 0);
    });

    [Fact]
    public void Weights_of_dtypes_have_exact_ratios() => Each(Rules.Ours, (zoo, _) =>
    {
        var model = zoo.Model();
        double Bytes(Dtype dtype) => model.Weights(dtype).Value;
        Assert.Equal((8 * Bytes(Dtype.Int4), 4 * Bytes(Dtype.Fp8), 2 * Bytes(Dtype.Fp16)),
            (Bytes(Dtype.Fp32), Bytes(Dtype.Fp32), Bytes(Dtype.Fp32)));
        Assert.Equal((Bytes(Dtype.Fp32), Bytes(Dtype.Fp16), Bytes(Dtype.Fp8), Bytes(Dtype.Int4)),
            (Bytes(Dtype.Tf32), Bytes(Dtype.Bf16), Bytes(Dtype.Int8), Bytes(Dtype.Fp4)));
    });

    [Theory]
    [MemberData(nameof(Modes))]
    public void Zero_never_needs_more_memory_and_the_parts_sum_up(Rules rules) => Each(rules, (zoo, question) =>
    {
        var training = new TrainingQuestion(question.Model)
        {
            Batch = zoo.Between(1, 64),
            Sequence = zoo.Between(1, 8192),
            Dtype = question.Dtype,
            Recompute = question.Recompute,
            Devices = zoo.Between(1, 1024),
            Rules = rules,
        };
        var totals = Enum.GetValues<ZeroStage>().Select(stage => TrainingMemory.Of(training with { Zero = stage })).ToList();
        foreach (var (more, less) in totals.Zip(totals.Skip(1))) NotAbove(more.Total, less.Total, "a higher stage");
        var all = totals[0];
        Assert.Equal(all.Weights.Value + all.Gradients.Value + all.Optimizer.Value + all.Activations.Value
            + all.Buffers.Value, all.Total.Value);
        NotAbove(all.Total, TrainingMemory.Of(training with { Recompute = Recompute.None }).Total, keepMore: true);
        if (training.Devices > 1) Assert.True(totals[3].Weights < all.Weights);
    });

    [Fact]
    public void Serving_is_never_cheaper_with_a_longer_prompt() => Each(Rules.Ours, (zoo, question) =>
    {
        var model = zoo.Model(zoo.Any(Architecture.Transformer, Architecture.SparseMoe, Architecture.Ssm));
        var serving = new ServingQuestion(model, question.Device) { Batch = zoo.Between(1, 64), Prompt = zoo.Between(2, 8192),
            Page = zoo.Any(1, 16), Dtype = question.Dtype };
        var (shorter, longer) = (Serving.Solve(serving), Serving.Solve(serving with { Prompt = serving.Prompt + zoo.Between(1, 1000) }));
        NotAbove(longer.FirstToken, shorter.FirstToken, "a longer prompt");
        NotAbove(longer.NextToken, shorter.NextToken, "a longer cache");
        NotAbove(longer.Cache, shorter.Cache, "the memory of a longer prompt");
        NotAbove(shorter.FirstToken, Serving.Solve(serving with { CachedPrefix = serving.Prompt / 2 }).FirstToken, "a cached prefix");
        NotAbove(Serving.Solve(serving with { Chunks = 2 }).FirstToken, shorter.FirstToken, "chunks");
    });

    [Theory]
    [InlineData(0, 1, 0, 0.5)]
    [InlineData(-5, 1, 0, 0.5)]
    [InlineData(1, 1, -1, 0.5)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(1, 1, 0, -0.1)]
    [InlineData(1, 1, 0, 1.0001)]
    [InlineData(1, 1, 0, double.NaN)]
    public void A_question_out_of_range_is_a_coded_error(int batch, int prompt, int context, double efficiency)
    {
        var (model, device, heuristics) = (ModelZoo.BuiltIn["llama3-8b"], SiliconZoo.BuiltIn["h100"],
            Heuristics.Usual with { Efficiency = efficiency });
        var asked = Assert.Throws<ZooException>(() =>
            SingleNode.Solve(new(model, device) { Batch = batch, Context = context, Heuristics = heuristics }));
        Assert.Equal("MLP2213", asked.Code);
        Assert.Equal("MLP2213", Assert.Throws<ZooException>(() =>
            Serving.Solve(new(model, device) { Batch = batch, Prompt = prompt + context, Heuristics = heuristics })).Code);
    }

    [Fact]
    public void A_question_that_makes_no_sense_is_a_coded_error()
    {
        var device = SiliconZoo.BuiltIn["h100"];
        Assert.Equal("MLP2215",
            Assert.Throws<ZooException>(() => SingleNode.Solve(new(ModelZoo.BuiltIn["resnet50"], device) { Context = 5 })).Code);
        Assert.Equal("MLP2214", Assert.Throws<ZooException>(() =>
            SingleNode.Solve(new(ModelZoo.BuiltIn["openvla-7b"] with { Unit = WorkUnit.Token }, device) { Context = 5 })).Code);
        Assert.Equal("MLP2216", Assert.Throws<ZooException>(() =>
            Serving.Solve(new(ModelZoo.BuiltIn["mamba-130m"], device) { Rules = Rules.Reference })).Code);
    }

    static void Each(Rules rules, Action<RandomZoo, Question> check)
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var zoo = new RandomZoo(seed);
            check(zoo, zoo.Question(rules));
        }
    }

    static void NotAbove(Duration limit, Duration found, string what) => NotAbove(limit.Value, found.Value, what);

    static void NotAbove(ByteCount limit, ByteCount found, string what) => NotAbove(limit.Value, found.Value, what);

    static void NotAbove(ByteCount less, ByteCount more, bool keepMore) =>
        NotAbove(keepMore ? more.Value : less.Value, keepMore ? less.Value : more.Value, "recomputing");

    static void NotAbove(double limit, double found, string what) =>
        Assert.True(found <= limit * (1 + Rounding), $"{what}: {found:r} above {limit:r}");
}
