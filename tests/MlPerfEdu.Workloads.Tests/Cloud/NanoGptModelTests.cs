using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class NanoGptModelTests
{
    static readonly NanoGptGeometry Small = new(Layers: 2, Width: 32, Heads: 4, Vocabulary: 16, Context: 24);

    [Theory]
    [InlineData(6, 384, 6, 2048, 11_483_136)]
    [InlineData(12, 768, 12, 4096, 88_300_032)]
    public void Has_the_declared_parameters_and_no_buffers(int layers, int width, int heads, int context, long parameters)
    {
        using var model = new NanoGptModel(new(layers, width, heads, Vocabulary: 128, context));
        Assert.Equal(parameters, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Empty(model.buffers());
    }

    [Fact]
    public void Names_its_weights_as_a_state_dictionary_does()
    {
        using var model = new NanoGptModel(Small);
        var names = model.named_parameters().Select(pair => pair.name).ToList();
        Assert.Equal(["tokens.weight", "positions.weight"], names[..2]);
        Assert.Equal(2 + Small.Layers * 12 + 2, names.Count);
        Assert.Contains("layers.1.queryKeyValue.bias", names);
        Assert.Contains("norm.weight", names);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(Positions - 2)]
    public void Later_tokens_never_change_earlier_logits(int last)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var model = Model();
        var text = Text();
        var changed = text.clone();
        changed.narrow(1, last + 1, Positions - last - 1).add_(1).remainder_(Small.Vocabulary);

        var (before, after) = (model.forward(text), model.forward(changed));

        Assert.True(before.narrow(1, 0, last + 1).eq(after.narrow(1, 0, last + 1)).all().item<bool>());
        Assert.True((before - after).narrow(1, last + 1, 1).abs().max().item<float>() > 1e-3f);
    }

    [Fact]
    public void Each_logit_depends_on_every_earlier_token()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var model = Model();
        var text = Text();
        var logits = model.forward(text).narrow(1, Positions - 1, 1);
        for (var i = 0; i < Positions; i++)
        {
            var changed = text.clone();
            changed.narrow(1, i, 1).add_(1).remainder_(Small.Vocabulary);
            Assert.True((model.forward(changed).narrow(1, Positions - 1, 1) - logits).abs().max().item<float>() > 1e-6f, $"token {i}");
        }
    }

    [Fact]
    public void Samples_of_a_batch_do_not_see_one_another()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var model = Model();
        var text = Text();
        var together = model.forward(text);
        for (var i = 0; i < Samples; i++)
        {
            var alone = model.forward(text.narrow(0, i, 1));
            Assert.True((together.narrow(0, i, 1) - alone).abs().max().item<float>() < 1e-5f, $"sample {i}");
        }
    }

    const int Samples = 3, Positions = 12;

    // Wider than the initial weights, so that attention is far from even.
    static NanoGptModel Model()
    {
        random.manual_seed(1);
        var model = new NanoGptModel(Small);
        using var none = no_grad();
        foreach (var parameter in model.parameters()) parameter.add_(randn_like(parameter), 0.2);
        return model;
    }

    static Tensor Text() => randint(Small.Vocabulary, new long[] { Samples, Positions }, dtype: int64);
}
