namespace MlPerfEdu.Zoo;

/// <summary>How much shorter a batch gets when the device has a tenth more of one thing.</summary>
public readonly record struct Sensitivity(double Compute, double Bandwidth, double Capacity)
{
    const double More = 1.1;

    /// <summary>The one worth buying; null when starting kernels is all that is left.</summary>
    public string? Binding => Math.Max(Compute, Math.Max(Bandwidth, Capacity)) is var most && most <= 0 ? null
        : most == Compute ? "compute" : most == Bandwidth ? "bandwidth" : "capacity";

    public static Sensitivity Of(in Question question)
    {
        var device = question.Device;
        var before = SingleNode.Solve(question).Latency;
        return new(
            Gain(question, device with { Peaks = device.Peaks.Times(More) }, before),
            Gain(question, Faster(device), before),
            Gain(question, device with { Capacity = device.Capacity * More }, before));
    }

    static Device Faster(Device device) =>
        device with { Bandwidth = device.Bandwidth * More, Sram = Faster(device.Sram), Flash = Faster(device.Flash) };

    static Memory? Faster(Memory? memory) => memory is null ? null : memory with { Bandwidth = memory.Bandwidth * More };

    static double Gain(in Question question, Device device, Duration before) =>
        1 - (SingleNode.Solve(question with { Device = device }).Latency / before);
}
