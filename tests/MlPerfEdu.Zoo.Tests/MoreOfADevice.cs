namespace MlPerfEdu.Zoo.Tests;

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
