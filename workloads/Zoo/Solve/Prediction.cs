namespace MlPerfEdu.Zoo;

/// <summary>What one batch takes on one device.</summary>
public readonly record struct Prediction
{
    public required Duration Compute { get; init; }

    public required Duration Memory { get; init; }

    public required Duration Overhead { get; init; }

    public required Duration Latency { get; init; }

    /// <summary>Inputs, images, sequences or pictures per second; tokens for a model that generates.</summary>
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
