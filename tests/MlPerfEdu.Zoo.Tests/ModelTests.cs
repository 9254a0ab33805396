namespace MlPerfEdu.Zoo.Tests;

/// <summary>What must hold for a model of models.yaml; a class of its own is generated for each.</summary>
public abstract class ModelTests(string id)
{
    readonly Model model = ModelZoo.BuiltIn[id];

    // Every architecture can be asked about; only what makes tokens has a context.
    int Length => model.Generates && CanKeep ? 128 : 0;

    bool CanKeep => model.Architecture == Architecture.Ssm || model is { Layers: not null, Hidden: not null, Heads: not null };

    protected void CheckPredictions()
    {
        foreach (var device in SiliconZoo.BuiltIn.Devices)
        {
            foreach (var rules in Enum.GetValues<Rules>())
            {
                var prediction = SingleNode.Solve(new(model, device) { Batch = 4, Rules = rules });
                Assert.True(double.IsFinite(prediction.Latency.Value) && prediction.Latency.Value > 0, $"on {device.Id}: {prediction.Latency.Value} s");
                Assert.InRange(prediction.Mfu, 0, 1);
                Assert.Equal(prediction.Fits, prediction.Footprint <= device.Capacity);
            }
        }
    }

    protected void CheckGains()
    {
        foreach (var device in SiliconZoo.BuiltIn.Devices)
        {
            var question = new Question(model, device) { Batch = 4, Context = Length };
            MoreOfADevice.IsNeverSlower(question);
            var prediction = SingleNode.Solve(question);
            if (!prediction.Fits || prediction.Bottleneck != Bottleneck.Compute) continue;
            var twice = SingleNode.Solve(question with { Device = device with { Peaks = device.Peaks.Times(2) } });
            Assert.True(twice.Latency < prediction.Latency, $"on {device.Id}: twice the peak changes nothing, though computing decides");
        }
    }

    protected void CheckCosts()
    {
        foreach (var device in SiliconZoo.BuiltIn.Devices)
        {
            var question = new Question(model, device) { Batch = 4, Context = Length };
            var before = SingleNode.Solve(question);
            var larger = SingleNode.Solve(question with { Batch = 8 });
            Assert.True(larger.Latency >= before.Latency && larger.Footprint >= before.Footprint, $"on {device.Id}: a larger batch");
            Assert.True(larger.Throughput >= before.Throughput || !larger.Fits, $"on {device.Id}: fewer per second in a larger batch");
            if (Length == 0) continue;
            var longer = SingleNode.Solve(question with { Context = 2 * Length });
            Assert.True(longer.Latency >= before.Latency && longer.Footprint >= before.Footprint, $"on {device.Id}: a longer context");
        }
    }

    protected void CheckWeights()
    {
        double Bytes(Dtype dtype) => model.Weights(dtype).Value;
        if (model.Size is { } size)
            Assert.All(Enum.GetValues<Dtype>(), dtype => Assert.Equal(size.Value, Bytes(dtype)));
        else
            Assert.All(Enum.GetValues<Dtype>(), dtype => Assert.Equal(model.Parameters.Value * dtype.Bytes(), Bytes(dtype)));
    }

    protected void CheckTraining()
    {
        var question = new Question(model, SiliconZoo.BuiltIn["h100"]) { Batch = 2 };
        var training = SingleNode.Solve(question with { Training = true, Context = model.Generates ? 128 : 0 });
        Assert.True(double.IsFinite(training.Latency.Value));
        Assert.True(training.Footprint > SingleNode.Solve(question).Footprint || model.Parameters.Value == 0);
        var stages = Enum.GetValues<ZeroStage>().Select(Total).ToList();
        Assert.Equal(stages.OrderDescending(), stages);

        double Total(ZeroStage stage) => TrainingMemory.Of(new(model) { Zero = stage, Devices = 8 }).Total.Value;
    }

    protected void CheckServing()
    {
        var question = new ServingQuestion(model, SiliconZoo.BuiltIn["h200"]) { Prompt = 512, Page = 16 };
        if (!model.Generates || !CanKeep)
        {
            Assert.Equal(model.Generates ? "MLP2214" : "MLP2215", Assert.Throws<ZooException>(() => Serving.Solve(question)).Code);
            return;
        }

        var serving = Serving.Solve(question);
        Assert.True(serving.FirstToken.Value > 0 && serving.NextToken.Value > 0 && serving.Cache.Value > 0);
        Assert.True(Serving.Solve(question with { Prompt = 4096 }).FirstToken > serving.FirstToken, "a longer prompt");
    }
}
