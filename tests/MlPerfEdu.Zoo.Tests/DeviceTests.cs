namespace MlPerfEdu.Zoo.Tests;

/// <summary>What must hold for a device of silicon.yaml; a class of its own is generated for each.</summary>
public abstract class DeviceTests(string id)
{
    readonly Device _device = SiliconZoo.BuiltIn[id];

    protected void CheckPredictions() => Assert.All(ModelZoo.BuiltIn.Models, model =>
    {
        var found = SingleNode.Solve(new(model, _device));
        Assert.True(double.IsFinite(found.Latency.Value) && found.Latency > _device.Dispatch, $"{model.Id}: {found.Latency.Value} s");
        Assert.Equal(found.Energy is null, _device.Power is null);
        Assert.Equal(!found.Fits, found.Spill.Value > 0);
    });

    protected void CheckPeaks()
    {
        var peak = _device.Peaks.Of(_device.Peaks.StatedFor);
        var found = SingleNode.Solve(new(ModelZoo.BuiltIn["resnet50"], _device) { Batch = 512, Dtype = _device.Peaks.StatedFor });
        Assert.True(found.Compute.Value >= 512 * 8.2e9 / peak.Value);
        Assert.All(_device.Peaks.Listed, pair => Assert.True(pair.Value.Value > 0));
        Assert.All(_device.Peaks.Sparse, pair =>
            Assert.True(pair.Value.Value > _device.Peaks.Of(pair.Key).Value, $"{pair.Key} is no faster with half of the weights zero"));
    }

    protected void CheckGains() => Assert.All(ModelZoo.BuiltIn.Models, model => MoreOfADevice.IsNeverSlower(new(model, _device)));
}
