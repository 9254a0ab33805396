namespace MlPerfEdu.Zoo.Tests;

public class TrainingTests
{
    [Fact]
    public void Llama_needs_what_the_original_says()
    {
        var memory = TrainingMemory.Of(new(ModelZoo.BuiltIn["llama3-8b"]) { Batch = 8, Sequence = 1024, Recompute = Recompute.Selective,
            Rules = Rules.Reference });
        double[] expected = [16.06e9, 16.06e9, 96.36e9, 36.507222016e9, 0.803e9, 165.790222016e9];
        double[] actual = [memory.Weights.Value, memory.Gradients.Value, memory.Optimizer.Value, memory.Activations.Value, memory.Buffers.Value,
            memory.Total.Value];
        Assert.All(expected.Zip(actual), pair => Assert.True(Golden.Error(pair.First, pair.Second) <= Golden.Tolerance, $"{pair}"));
        Assert.Equal(1.93005, memory.Total / SiliconZoo.BuiltIn["h100"].Capacity, 5);
    }

    [Fact]
    public void A_network_without_sequences_needs_what_the_original_says() =>
        Assert.Equal(0.4096e9, TrainingMemory.Of(new(ModelZoo.BuiltIn["resnet50"]) { Batch = 8, Rules = Rules.Reference }).Total.Value, 3);

    [Theory]
    [InlineData(ZeroStage.None, 16)]
    [InlineData(ZeroStage.Optimizer, 4 + 1.5)]
    [InlineData(ZeroStage.Gradients, 2 + 1.75)]
    [InlineData(ZeroStage.Weights, 2)]
    public void Zero_leaves_each_of_eight_devices_its_share(ZeroStage stage, double bytesPerParameter)
    {
        var memory = TrainingMemory.Of(new(ModelZoo.BuiltIn["llama3-8b"]) { Zero = stage, Devices = 8 });
        Assert.Equal(bytesPerParameter, (memory.Weights + memory.Gradients + memory.Optimizer).Value / 8.03e9, 9);
    }

    [Fact]
    public void A_plain_optimizer_keeps_a_third() =>
        Assert.Equal(3, TrainingMemory.Of(new(ModelZoo.BuiltIn["resnet50"]))
        .Optimizer / TrainingMemory.Of(new(ModelZoo.BuiltIn["resnet50"]) { Optimizer = Optimizer.Sgd }).Optimizer);
}
