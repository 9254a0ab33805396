namespace MlPerfEdu.Zoo;

/// <summary>The roofline of one device: the longer of computing and moving, plus what starting costs. Allocates nothing.</summary>
public static class SingleNode
{
    static readonly ByteRate UsualHostLink = new(64e9);

    /// <exception cref="ZooException">When the question is out of range or does not fit the model.</exception>
    public static Prediction Solve(in Question question)
    {
        question.Check();
        var device = question.Device;
        var demand = Demand.Of(question);
        var peak = device.Peaks.Of(question.Dtype);
        var (memory, level) = TimeToMove(device, demand, question.Rules);

        var compute = demand.Work / (peak * question.Heuristics.Efficiency);
        var overhead = device.Dispatch + (question.Heuristics.LayerOverhead * demand.Layers);
        var latency = Duration.Max(compute, memory) + overhead;
        var tokens = question.Training && question.Rules == Rules.Ours && question.Model.Generates;
        var mfu = Math.Clamp(demand.Work / latency / peak, 0, 1);
        return new()
        {
            Compute = compute,
            Memory = memory,
            Overhead = overhead,
            Latency = latency,
            Throughput = question.Batch * (tokens ? question.Context : 1.0) / latency.Value,
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

    static (Duration, MemoryLevel) TimeToMove(Device device, in Demand demand, Rules rules)
    {
        if (demand.Footprint > device.Capacity)
        {
            // Only what does not fit crosses the link; in MLSys·im everything does as soon as something does not fit.
            var link = ByteRate.Min(device.Bandwidth, device.HostLink?.OneWay ?? UsualHostLink);
            if (rules == Rules.Reference) return (demand.Traffic / link, MemoryLevel.Offload);
            var fitting = device.Capacity / demand.Footprint;
            return ((demand.Traffic * fitting / device.Bandwidth) + (demand.Traffic * (1 - fitting) / link), MemoryLevel.Offload);
        }
        if (device.Sram is { Bandwidth: { } sram } && demand.Resident <= device.Sram.Capacity)
            return (demand.Traffic / sram, MemoryLevel.Sram);
        if (device.Flash is { Bandwidth: { } flash }) return (demand.Traffic / flash, MemoryLevel.Flash);
        return (demand.Traffic / device.Bandwidth, MemoryLevel.Main);
    }
}

/// <summary>What one batch takes on one device.</summary>
public readonly record struct Prediction
{
    public required Duration Compute { get; init; }
    public required Duration Memory { get; init; }
    public required Duration Overhead { get; init; }
    public required Duration Latency { get; init; }
    /// <summary>Inputs, images or sequences per second; tokens for a model that generates.</summary>
    public required double Throughput { get; init; }
    public required Bottleneck Bottleneck { get; init; }
    public required Intensity Intensity { get; init; }
    /// <summary>Share of the device's peak that the model's own work uses.</summary>
    public required double Mfu { get; init; }
    /// <summary>Absent where the device states no power.</summary>
    public required Energy? Energy { get; init; }
    public required MemoryLevel Level { get; init; }
    public required ByteCount Footprint { get; init; }
    /// <summary>What does not fit.</summary>
    public required ByteCount Spill { get; init; }
    /// <summary>The peak is not stated for the dtype.</summary>
    public required bool PeakIsAssumed { get; init; }

    public bool Fits => Spill.Value <= 0;

    /// <summary>Starting kernels takes longer than running them.</summary>
    public bool IsDispatchBound => Overhead > Duration.Max(Compute, Memory);
}

/// <summary>Which roof is lower.</summary>
public enum Bottleneck { Compute, Memory }

/// <summary>Where the weights come from.</summary>
public enum MemoryLevel
{
    Main,
    Sram,
    Flash,
    Offload, // partly or wholly from the host, over its link
}
