namespace MlPerfEdu.Zoo.Tests;

/// <summary>What must hold for a device of silicon.yaml; a class of its own is generated for each.</summary>
public abstract class DeviceTests(string id)
{
    readonly Device device = SiliconZoo.BuiltIn[id];

    protected void CheckPredictions() => Assert.All(ModelZoo.BuiltIn.Models, model =>
    {
        var prediction = SingleNode.Solve(new(model, device));
        Assert.True(double.IsFinite(prediction.Latency.Value) && prediction.Latency > device.Dispatch, $"{model.Id}: {prediction.Latency.Value} s");
        Assert.Equal(prediction.Energy is null, device.Power is null);
        Assert.Equal(!prediction.Fits, prediction.Spill.Value > 0);
    });

    protected void CheckPeaks()
    {
        var peak = device.Peaks.Of(device.Peaks.StatedFor);
        var prediction = SingleNode.Solve(new(ModelZoo.BuiltIn["resnet50"], device) { Batch = 512, Dtype = device.Peaks.StatedFor });
        Assert.True(prediction.Compute.Value >= 512 * 8.2e9 / peak.Value);
        Assert.All(device.Peaks.Listed, pair => Assert.True(pair.Value.Value > 0));
        Assert.All(device.Peaks.Sparse, pair =>
            Assert.True(pair.Value.Value > device.Peaks.Of(pair.Key).Value, $"{pair.Key} is no faster with half of the weights zero"));
    }

    protected void CheckGains() => Assert.All(ModelZoo.BuiltIn.Models, model => MoreOfADevice.IsNeverSlower(new(model, device)));
}

static class MoreOfADevice
{
    // Sums in another order may differ in the last digits.
    const double Rounding = 1e-12;

    /// <summary>Twice the bandwidth, peak or memory of a device must not cost time.</summary>
    public static void IsNeverSlower(Question question)
    {
        var device = question.Device;
        var before = SingleNode.Solve(question).Latency.Value;
        foreach (var (what, better) in new[]
        {
            ("bandwidth", device with { Bandwidth = device.Bandwidth * 2 }),
            ("peak", device with { Peaks = device.Peaks.Times(2) }),
            ("memory", device with { Capacity = device.Capacity * 2 }),
        })
        {
            var after = SingleNode.Solve(question with { Device = better }).Latency.Value;
            Assert.True(after <= before * (1 + Rounding),
                $"{question.Model.Id} on {device.Id}, twice the {what}: {after} s after {before} s");
        }
    }
}
