using MlPerfEdu.Generator;

namespace MlPerfEdu.Serving.Measure;

/// <summary>A row with what was measured of it.</summary>
public sealed record MeasuredRow(KernelModule Module, KernelRow Row, Kernel Kernel, Latency Latency)
{
    /// <summary>How many times as fast as the original's table says the original was.</summary>
    public double Ratio => Row.OriginalMicroseconds / (Latency.Median * 1e6);

    public double? FlopsPerSecond => Kernel.Flops / Latency.Median;

    public double? BytesPerSecond => Kernel.Bytes / Latency.Median;
}
