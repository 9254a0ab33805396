using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Parameters and work of the models that workloads are made of, from layer shapes alone.</summary>
public class WorkloadModelTests
{
    public static TheoryData<string, long> Parameters => new()
    {
        { "nanoGPT", 11_483_136 },
        { "micro-dlrm", 22_977 },
        { "GCN", 94_087 },
        { "micro-bert", 1_062_274 },
        { "LSTM", 53_528 },
        { "policy and value", 17_987 },
        { "GPT-2 small", 88_300_032 },
        { "U-Net", 1_864_259 },
        { "nano-moe", 4_530_432 },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Parameters_are_the_known_ones(string model, long parameters)
    {
        var count = Model(model);

        Assert.Equal((parameters, 0L), (count.Parameters, count.FrozenParameters));
    }

    [Fact]
    public void U_net_needs_396_million_multiply_adds_per_image()
    {
        var (plain, timed) = (Models.UNet(2), Models.UNet(2, time: true));

        Assert.Equal(396.2e6, plain.ForwardMacsPerSample, tolerance: 0.05e6);
        Assert.Equal(64 * 256 + 256 + 256 * 256 + 256 + 257 * (64 + 128 + 256), timed.Parameters - plain.Parameters);
        Assert.InRange(timed.Parameters, 1_950_000, 2_100_000);
        Assert.InRange(timed.ForwardMacsPerSample - plain.ForwardMacsPerSample, 1, 0.3e6);
    }

    [Fact]
    public void Training_nanoGPT_on_16_by_64_costs_about_66_gflop()
    {
        var count = Transformers.NanoGpt(16, 64, update => update.AdamW(UpdateStyle.Flat));
        long linear = 6 * 12 * 384 * 384 + 384 * 128, attention = 6 * 2 * 64 * 384;

        Assert.Equal(16 * 64 * (linear + attention), count.ForwardMacs);
        // Everything depends on a trained embedding, so nothing is first.
        Assert.Equal(6 * count.ForwardMacs, count.Flops);
        Assert.InRange(count.Flops, 65e9, 68e9);
        Assert.Equal(14 * 11_483_136L, count.OptimizerFlops);
    }

    [Fact]
    public void Adapters_are_all_that_is_trained()
    {
        var full = Transformers.Gpt2Small(2, 64);
        var adapted = Transformers.Gpt2SmallLora(2, 64, update => update.AdamW(UpdateStyle.Flat));
        var withoutAdapters = adapted.ForwardMacs - 2 * 64 * 294_912;

        Assert.Equal((294_912L, 88_300_032L), (adapted.Parameters, adapted.FrozenParameters));
        Assert.Equal(full.ForwardMacs, withoutAdapters);
        Assert.Equal(2 * 2 * 64 * 294_912, adapted.WeightGradientFlops);
        Assert.Equal(14 * 294_912, adapted.OptimizerFlops);
        // Before the first adapter nothing is trained: no gradient goes through the projection beside it, nor through its own first matrix.
        var first = adapted.Layers.Where(layer => layer.Layer is "h.0.0.1.qkv" or "h.0.0.1.adapter.0");
        Assert.All(first, layer => Assert.Equal(default, layer.DataGradient));
        Assert.Equal(
            full.DataGradientFlops - 2L * 2 * 64 * (768 * 2304) + 2L * 2 * 64 * (294_912 - 768 * 8), adapted.DataGradientFlops);
    }

    [Fact]
    public void Experts_cost_what_their_tokens_cost_and_weigh_what_all_of_them_weigh()
    {
        var count = Transformers.NanoMoe(2, 64);
        var up = count.Layers.Where(layer =>
            layer.Layer.StartsWith("2.1.", StringComparison.Ordinal) && layer.Kind == "linear" && layer.Output[^1] == 512).ToList();

        Assert.Equal(8, up.Count);
        Assert.Equal(8 * 128 * 512, up.Sum(layer => layer.Parameters));
        Assert.Equal(2 * 2 * 64 * 128 * 512, up.Sum(layer => layer.ForwardMacs));
        Assert.All(up, layer => Assert.Equal([2 * 2 * 64 / 8, 512], layer.Output));
    }

    [Fact]
    public void A_decoding_step_costs_two_products_per_cached_position_and_no_gradient()
    {
        var (near, far) = (Transformers.NanoGptDecode(4, cached: 100), Transformers.NanoGptDecode(4, cached: 1100));

        Assert.Equal(4 * 6 * 2 * 1000 * 384, far.ForwardMacs - near.ForwardMacs);
        Assert.Equal(far.ForwardFlops, far.Flops);
        Assert.Equal(11_483_136, far.Parameters);
        // Keys and values: 18,432 bytes per position and sample, read once more and kept.
        Assert.Equal(4 * 1000 * 18_432, Kept(far) - Kept(near));
        Assert.Equal(4 * 1000 * 18_432 + 4L * 4 * 6 * 6 * 2 * 1000, Moved(far) - Moved(near));

        static long Moved(StepCount count) => count.Layers.Where(layer => layer.Kind is "scores" or "values").Sum(layer => layer.Forward.Bytes);

        static long Kept(StepCount count) => count.Layers.Where(layer => layer.Kind == "key-value cache").Sum(layer => layer.UniqueBytes);
    }

    [Fact]
    public void Prefill_is_the_forward_pass_of_training()
    {
        var (training, prefill) = (Transformers.NanoGpt(1, 448), Transformers.NanoGptPrefill(1, 448));

        Assert.Equal(training.ForwardMacs, prefill.ForwardMacs);
        Assert.Equal((prefill.ForwardFlops, 0L, training.Parameters), (prefill.Flops, prefill.OptimizerFlops, prefill.Parameters));
        Assert.All(prefill.Layers, layer => Assert.Equal((default, default), (layer.DataGradient, layer.WeightGradient)));
        Assert.InRange(training.UniqueBytes - prefill.UniqueBytes, 4 * training.Parameters, 8 * training.Parameters);
    }

    static StepCount Model(string name) => name switch
    {
        "nanoGPT" => Transformers.NanoGpt(16, 64),
        "micro-dlrm" => Models.MicroDlrm(256),
        "GCN" => Models.Gcn(30),
        "micro-bert" => Transformers.MicroBert(32),
        "LSTM" => Models.MicroLstm(32),
        "policy and value" => Models.PolicyAndValue(8),
        "GPT-2 small" => Transformers.Gpt2Small(1, 8),
        "nano-moe" => Transformers.NanoMoe(16, 64),
        _ => Models.UNet(2),
    };
}
