namespace MlPerfEdu.Zoo.Tests;

public class RegistryTests
{
    // The three tables of the page, which is why the rows are spelt out here: parameters, FLOP and layers as they are now.
    [Theory]
    [InlineData("bert-base", Architecture.Transformer, 110e6, 22e9, 12)]
    [InlineData("bert-large", Architecture.Transformer, 340e6, 72e9, 24)]
    [InlineData("gpt2-xl", Architecture.Transformer, 1.5e9, 3e9, 48)]
    [InlineData("gpt3-175b", Architecture.Transformer, 175e9, 350e9, 96)]
    [InlineData("gpt4", Architecture.SparseMoe, 1.76e12, 560e9, 120)]
    [InlineData("llama2-70b", Architecture.Transformer, 70e9, 140e9, 80)]
    [InlineData("llama3-70b", Architecture.Transformer, 70.6e9, 141.2e9, 80)]
    [InlineData("llama3-8b", Architecture.Transformer, 8.03e9, 16.06e9, 32)]
    [InlineData("alexnet", Architecture.Cnn, 60e6, 1.5e9, 8)]
    [InlineData("mobilenet-v2", Architecture.Cnn, 3504872, 600e6, 54)]
    [InlineData("resnet50", Architecture.Cnn, 25.6e6, 8.2e9, 50)]
    [InlineData("yolov8n", Architecture.Cnn, 3.2e6, 8.7e9, 225)]
    [InlineData("anomaly-detector", Architecture.Mlp, 270e3, 540e3, null)]
    [InlineData("ds-cnn", Architecture.Cnn, 200e3, 20e6, null)]
    [InlineData("wake-vision", Architecture.Cnn, 250e3, 25e6, null)]
    public void The_page_has_its_rows(string id, Architecture architecture, double parameters, double flop, int? layers)
    {
        var model = ModelZoo.BuiltIn[id];
        Assert.Equal((architecture, parameters, flop, layers),
            (model.Architecture, model.Parameters.Value, model.Work.Value, model.Layers));
    }

    [Fact]
    public void Nothing_of_the_original_registries_is_missing() => 
        Assert.Equal((33, 45), (ModelZoo.BuiltIn.Models.Count, SiliconZoo.BuiltIn.Devices.Count));

    [Fact]
    public void What_the_original_has_wrong_is_flagged_and_kept_beside_ours()
    {
        Assert.Equal((8, null), (ModelZoo.BuiltIn["mixtral-8x7b"].KvHeads, ModelZoo.BuiltIn["mixtral-8x7b"].Original.KvHeads));
        Assert.Equal((3.6e9, 1.8e9), (ModelZoo.BuiltIn["resnet18"].Work.Value, ModelZoo.BuiltIn["resnet18"].Original.Work.Value));
        Assert.Equal(20e3, ModelZoo.BuiltIn["lenet1"].Original.Work.Value);
        Assert.Equal((67e12, 989e12), (Fp32("h100").Of(Dtype.Fp32).Value, SiliconZoo.BuiltIn["h100"].Original.Peaks.Of(Dtype.Fp32).Value));
        Assert.All(ModelZoo.BuiltIn.Models.Where(model => model.Original != model), model => Assert.NotNull(model.Flag));
    }

    [Fact]
    public void A_peak_that_nobody_states_is_said_to_be_assumed()
    {
        Assert.False(Fp32("a100").IsAssumed(Dtype.Bf16));
        Assert.True(Fp32("a100").IsAssumed(Dtype.Fp8));
        Assert.True(Fp32("coral").IsAssumed(Dtype.Fp16));
        Assert.False(Fp32("coral").IsAssumed(Dtype.Int8));
    }

    [Fact]
    public void An_unknown_id_is_answered_with_those_there_are()
    {
        Assert.Equal("MLP2211", Assert.Throws<ZooException>(() => ModelZoo.BuiltIn["gpt5"]).Code);
        Assert.Contains("a100", Assert.Throws<ZooException>(() => SiliconZoo.BuiltIn["a1000"]).Message);
    }

    static Peaks Fp32(string device) => SiliconZoo.BuiltIn[device].Peaks;
}
