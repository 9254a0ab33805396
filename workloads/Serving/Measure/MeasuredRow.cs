using MlPerfEdu.Generator;

namespace MlPerfEdu.Serving.Measure;

/// <summary>A row with what was measured of it.</summary>
public sealed record MeasuredRow(KernelRow Row, Kernel Kernel, Latency Latency)
{
    /// <summary>How many times as fast as the original's table says the original was.</summary>
    public double? Ratio => Row.OriginalMicroseconds / (Latency.Median * 1e6);

    /// <summary>The rows of a module, in the order of serving.yaml.</summary>
    public static IReadOnlyList<MeasuredRow> Of(KernelModule module, LatencyMeter meter)
    {
        var kernels = KernelRegistry.Open(module.Id).Kernels().ToDictionary(kernel => kernel.Operation);
        return [.. module.Rows.Select(row => new MeasuredRow(row, kernels[row.Operation], meter.Measure(kernels[row.Operation])))];
    }
}
