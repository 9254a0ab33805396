using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>A prediction in JSON: plain numbers whose names say their unit.</summary>
sealed record PredictionRow(
    double LatencySeconds, double ComputeSeconds, double MemorySeconds, double OverheadSeconds, double ThroughputPerSecond,
    Bottleneck Bottleneck, bool IsDispatchBound, double IntensityFlopPerByte, double Mfu, double? EnergyJoules,
    MemoryLevel MemoryLevel, double FootprintBytes, double SpillBytes, bool Fits, bool PeakIsAssumed)
{
    public static PredictionRow Of(Prediction prediction) => new(
        prediction.Latency.Value, prediction.Compute.Value, prediction.Memory.Value, prediction.Overhead.Value, prediction.Throughput,
        prediction.Bottleneck, prediction.IsDispatchBound, prediction.Intensity.Value, prediction.Mfu, prediction.Energy?.Value,
        prediction.Level, prediction.Footprint.Value, prediction.Spill.Value, prediction.Fits, prediction.PeakIsAssumed);
}
