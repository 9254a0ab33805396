using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.State;

/// <summary>This machine as a device of the zoo, from its measured peaks.</summary>
static class ThisMachine
{
    public const string Id = "this-machine";

    public static Device Of(MachineFacts facts, MachinePeaks peaks) => new()
    {
        Id = Id,
        Name = facts.CpuModel,
        Class = DeviceClass.Measured,
        Year = int.Parse(peaks.MeasuredAt[..4]),
        Peaks = new(new(Best(peaks, PeakKind.Gemm)), Dtype.Fp32, []),
        Capacity = new(facts.MemoryBytes),
        Bandwidth = new(Best(peaks, PeakKind.Triad, MemoryLevels.Memory)),
        Dispatch = new(Best(peaks, PeakKind.EmptyOperator)),
        Sram = peaks.LastLevelCache.Bytes is { } cache
        ? new(new(cache.Low), new ByteRate(Best(peaks, PeakKind.Triad, MemoryLevels.LastLevelCache))) : null,
        Flag = "A peak is known for fp32 only.",
        Sources = [new(["peak", "capacity", "bandwidth", "dispatch", "sram"], $"measured at {peaks.MeasuredAt} with {peaks.Backend}")],
        Line = 0,
    };

    static double Best(MachinePeaks peaks, PeakKind kind, string level = "") => peaks.Find(kind, level)!.Best;
}
