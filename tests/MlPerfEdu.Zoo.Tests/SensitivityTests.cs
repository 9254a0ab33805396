namespace MlPerfEdu.Zoo.Tests;

public class SensitivityTests
{
    static Question Of(string model, string device, int batch = 1) =>
        new(ModelZoo.BuiltIn[model], SiliconZoo.BuiltIn[device]) { Batch = batch };

    [Theory]
    [InlineData("resnet50", "a100", 256, "compute")]
    [InlineData("llama3-8b", "h100", 1, "bandwidth")]
    [InlineData("llama3-70b", "h200", 1, "capacity")]
    [InlineData("mobilenet-v2", "esp32-s3", 1, "compute")]
    public void The_scarce_thing_is_worth_most(string model, string device, int batch, string binding) =>
        Assert.Equal(binding, Sensitivity.Of(Of(model, device, batch)).Binding);

    [Theory]
    [InlineData(Rules.Ours)]
    [InlineData(Rules.Reference)]
    public void A_device_built_as_required_takes_the_required_time(Rules rules)
    {
        var question = Of("llama3-8b", "h100", 4) with { Rules = rules };
        var wanted = Duration.FromMilliseconds(2);
        var required = Requirement.For(question, wanted)!.Value;
        var device = question.Device with { Peaks = new(required.Peak, Dtype.Fp16, []), Bandwidth = required.Bandwidth };
        var prediction = SingleNode.Solve(question with { Device = device });
        Assert.Equal(wanted.Value, prediction.Latency.Value, 12);
        Assert.Equal(prediction.Compute.Value, prediction.Memory.Value, 12);
        Assert.Null(Requirement.For(question, Duration.FromMilliseconds(0.1)));
    }

    [Fact]
    public void The_widest_dtype_that_fits_is_named()
    {
        var model = ModelZoo.BuiltIn["llama3-70b"];
        Assert.Equal(Dtype.Int8, Fit.Of(model, SiliconZoo.BuiltIn["h100"]).Widest);
        Assert.Equal(Dtype.Fp32, Fit.Of(model, SiliconZoo.BuiltIn["gb200-nvl72"]).Widest);
        Assert.Null(Fit.Of(model, SiliconZoo.BuiltIn["t4"]).Widest);
        Assert.Equal([Dtype.Int4], Fit.Of(model, SiliconZoo.BuiltIn["h100"], batch: 8, context: 32_768).Holds.Select(held => held.Dtype));
    }
}
