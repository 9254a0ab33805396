using MlPerfEdu.Generator;

namespace MlPerfEdu.Serving.Measure;

/// <summary>A row with what was measured of it.</summary>
/// <param name="OriginalHere">Seconds of the original's way on this machine, one per time it was asked; empty where it was not.</param>
public sealed record MeasuredRow(KernelRow Row, Kernel Kernel, Latency Latency, IReadOnlyList<double> OriginalHere)
{
    /// <summary>How many times as fast as the original's table says the original was.</summary>
    public double? Ratio => Row.OriginalMicroseconds / (Latency.Median * 1e6);
}
