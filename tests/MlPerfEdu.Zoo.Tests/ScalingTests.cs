namespace MlPerfEdu.Zoo.Tests;

/// <summary>The rule of each architecture, and where ours is not the original's.</summary>
public class ScalingTests
{
    static Prediction On(string model, string device, int batch = 1, int context = 0, Rules rules = Rules.Ours) =>
        SingleNode.Solve(new(ModelZoo.BuiltIn[model], SiliconZoo.BuiltIn[device]) { Batch = batch, Context = context, Rules = rules });

    [Fact]
    public void Transformer_the_cache_grows_with_each_token()
    {
        var model = ModelZoo.BuiltIn["llama3-8b"];
        Assert.Equal(268_435_456, KvCache.PerSequence(model, Dtype.Fp16, 2048).Value);
        Assert.Equal(2 * KvCache.PerSequence(model, Dtype.Fp16, 1000).Value, KvCache.PerSequence(model, Dtype.Fp16, 2000).Value);
        Assert.Equal(Bottleneck.Memory, On("llama3-8b", "h100", batch: 1, context: 2048).Bottleneck);
    }

    [Fact]
    public void Transformer_shared_and_compressed_heads_keep_less()
    {
        Assert.Equal(268_435_456, KvCache.PerSequence(ModelZoo.BuiltIn["mixtral-8x7b"], Dtype.Fp16, 2048).Value);
        Assert.Equal(1_073_741_824, Scaling.State(ModelZoo.BuiltIn["mixtral-8x7b"].Original, Dtype.Fp16, 2048).Value);
        Assert.Equal(61.0 * (512 + 64) * 2048 * 2, KvCache.PerSequence(ModelZoo.BuiltIn["deepseek-v3"], Dtype.Fp16, 2048).Value);
    }

    [Fact]
    public void Cnn_work_is_linear_in_the_batch_and_knows_no_sequence()
    {
        var (one, many) = (On("resnet50", "a100", 1), On("resnet50", "a100", 64));
        Assert.Equal(64, many.Compute / one.Compute, 12);
        Assert.Equal(0, Scaling.State(ModelZoo.BuiltIn["resnet50"], Dtype.Fp16, 4096).Value);
    }

    [Fact]
    public void Moe_one_token_reads_the_active_parameters_and_many_read_all()
    {
        var model = ModelZoo.BuiltIn["mixtral-8x7b"];
        Assert.Equal(model.Active.As(Dtype.Fp16).Value, Scaling.Streamed(model, Dtype.Fp16, 1).Value, 1.0);
        Assert.Equal(model.Parameters.As(Dtype.Fp16).Value, Scaling.Streamed(model, Dtype.Fp16, 1e6).Value, 1.0);
        Assert.Equal(93.4e9, On("mixtral-8x7b", "h200").Footprint.Value, 1.0);
        // Two different draws of two in eight leave six eighths squared of the experts alone.
        var expert = (46.7e9 - 12.9e9) / 6;
        Assert.Equal(2 * (12.9e9 - (2 * expert) + (8 * (1 - 0.5625) * expert)), Scaling.Streamed(model, Dtype.Fp16, 2).Value, 1.0);
    }

    [Fact]
    public void Moe_the_prompt_takes_the_active_parameters_not_all()
    {
        ServingQuestion question = new(ModelZoo.BuiltIn["mixtral-8x7b"], SiliconZoo.BuiltIn["h200"]) { Prompt = 4096, Batch = 4 };
        var (ours, reference) = (Serving.Solve(question), Serving.Solve(question with { Rules = Rules.Reference }));
        Assert.InRange(reference.FirstToken / ours.FirstToken, 46.7 / 12.9 * 0.9, 46.7 / 12.9 * 1.2);
    }

    [Fact]
    public void Moe_tokens_travel_to_their_experts_and_back()
    {
        var model = ModelZoo.BuiltIn["mixtral-8x7b"];
        Assert.Equal(2.0 * 32 * 2 * 4096 * 100 * 2, ExpertTraffic.Bytes(model, Dtype.Fp16, 100).Value);
        var time = ExpertTraffic.Time(model, Dtype.Fp16, 800, 8, new(100e9), new(1e-6));
        Assert.Equal(64 * ((7.0 / 8 * 100 * 2 * 4096 * 2 / 100e9) + 7e-6), time.Value, 12);
        Assert.Throws<ZooException>(() => ExpertTraffic.Bytes(ModelZoo.BuiltIn["llama3-8b"], Dtype.Fp16, 1));
    }

    [Fact]
    public void Ssm_the_state_does_not_grow()
    {
        var model = ModelZoo.BuiltIn["mamba-130m"];
        Assert.Equal(Scaling.State(model, Dtype.Fp16, 1), Scaling.State(model, Dtype.Fp16, 100_000));
        // Twice as wide as the model, and four columns of the convolution in addition to the sixteen of the state.
        Assert.Equal(589_824 * 2.0 * 20 / 16, Scaling.State(model, Dtype.Fp16, 2048).Value);
        Assert.Equal(On("mamba-2-8b", "h100", context: 1).Latency, On("mamba-2-8b", "h100", context: 100_000).Latency);
    }

    [Fact]
    public void Diffusion_steps_count_on_both_sides_of_the_roof()
    {
        var model = ModelZoo.BuiltIn["stable-diffusion-v1-5"];
        Prediction With(int steps, Rules rules) =>
            SingleNode.Solve(new(model with { Steps = steps }, SiliconZoo.BuiltIn["h100"]) { Rules = rules });
        var (one, fifty) = (With(1, Rules.Ours), With(50, Rules.Ours));
        Assert.Equal((50, 50), (Math.Round(fifty.Compute / one.Compute, 9), Math.Round(fifty.Memory / one.Memory, 9)));
        Assert.Equal(With(1, Rules.Reference).Memory, With(50, Rules.Reference).Memory);
    }

    [Fact]
    public void Only_what_does_not_fit_crosses_the_link()
    {
        var (ours, reference) = (On("llama3-70b", "h200"), On("llama3-70b", "h200", rules: Rules.Reference));
        Assert.False(ours.Fits);
        Assert.Equal((MemoryLevel.Offload, MemoryLevel.Offload), (ours.Level, reference.Level));
        var traffic = ours.Footprint + Activations.Of(new(ModelZoo.BuiltIn["llama3-70b"], SiliconZoo.BuiltIn["h200"]), 1);
        var outside = ours.Spill / ours.Footprint;
        Assert.Equal((traffic.Value * (1 - outside) / 4.8e12) + (traffic.Value * outside / 64e9), ours.Memory.Value, 9);
        Assert.True(reference.Memory / ours.Memory > 20, $"{reference.Memory / ours.Memory}");
    }

    [Theory]
    [InlineData("llama3-8b")]
    [InlineData("resnet50")]
    [InlineData("mixtral-8x7b")]
    [InlineData("mamba-2-8b")]
    [InlineData("stable-diffusion-v1-5")]
    public void Throughput_of_every_type_grows_with_the_batch(string model)
    {
        var rates = Enumerable.Range(0, 8).Select(doubling => On(model, "h200", 1 << doubling).Throughput).ToList();
        Assert.Equal(rates.Order(), rates);
    }
}
