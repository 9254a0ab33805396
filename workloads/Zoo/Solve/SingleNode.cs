namespace MlPerfEdu.Zoo;

/// <summary>The roofline of one device: the longer of computing and moving, and what starting costs. Allocates nothing.</summary>
public static class SingleNode
{
    static readonly ByteRate UsualHostLink = new(64e9);

    /// <exception cref="ZooException">When the question asks for what cannot be.</exception>
    public static Prediction Solve(in Question question)
    {
        question.Check();
        var reference = question.Rules == Rules.Reference;
        var device = question.Device;
        var demand = reference ? OriginalDemand.Of(question) : OurDemand.Of(question);
        var peak = device.Peaks.Of(question.Dtype);
        var (memory, level) = reference ? Streamed(device, demand) : Placed(device, demand);

        var compute = demand.Work / (peak * question.Heuristics.Efficiency);
        var overhead = device.Dispatch + (question.Heuristics.LayerOverhead * demand.Layers);
        var latency = Duration.Max(compute, memory) + overhead;
        var units = question.Batch * (question.Training && !reference && question.Model.Generates ? question.Context : 1.0);
        var mfu = Math.Clamp(demand.Work / latency / peak, 0, 1);
        return new()
        {
            Compute = compute,
            Memory = memory,
            Overhead = overhead,
            Latency = latency,
            Throughput = units / latency.Value,
            Bottleneck = memory > compute ? Bottleneck.Memory : Bottleneck.Compute,
            Intensity = demand.Work / demand.Traffic,
            Mfu = mfu,
            Energy = device.Power is { } power ? power * (0.3 + (0.7 * mfu)) * latency : null,
            Level = level,
            Footprint = demand.Footprint,
            Spill = demand.Footprint > device.Capacity ? demand.Footprint - device.Capacity : default,
            PeakIsAssumed = device.Peaks.IsAssumed(question.Dtype),
        };
    }

    // Only what does not fit crosses the link.
    static (Duration, MemoryLevel) Placed(Device device, in Demand demand)
    {
        if (demand.Footprint <= device.Capacity) return OnDevice(device, demand);
        var fitting = device.Capacity / demand.Footprint;
        return ((demand.Traffic * fitting / device.Bandwidth) + (demand.Traffic * (1 - fitting) / Link(device)), MemoryLevel.Offload);
    }

    // MLSys·im lets everything cross the link as soon as something does not fit.
    static (Duration, MemoryLevel) Streamed(Device device, in Demand demand) => demand.Footprint <= device.Capacity
        ? OnDevice(device, demand)
        : (demand.Traffic / Link(device), MemoryLevel.Offload);

    static (Duration, MemoryLevel) OnDevice(Device device, in Demand demand)
    {
        if (device.Sram is { Bandwidth: { } fast } sram
            && demand.Resident <= sram.Capacity) return (demand.Traffic / fast, MemoryLevel.Sram);
        if (device.Flash is { Bandwidth: { } flash }) return (demand.Traffic / flash, MemoryLevel.Flash);
        return (demand.Traffic / device.Bandwidth, MemoryLevel.Main);
    }

    static ByteRate Link(Device device) => ByteRate.Min(device.Bandwidth, device.HostLink?.OneWay ?? UsualHostLink);
}
