using MlPerfEdu.Generator;

namespace MlPerfEdu.Serving.Measure;

/// <summary>A row with what was measured of it.</summary>
/// <param name="OriginalHere">Seconds of the original's way on this machine, one per time it was asked; empty where it was not.</param>
public sealed record MeasuredRow(KernelRow Row, Kernel Kernel, Latency Latency, IReadOnlyList<double> OriginalHere)
{
    /// <summary>How many times as fast as the original's table says the original was.</summary>
    public double? Ratio => Row.OriginalMicroseconds / (Latency.Median * 1e6);

    /// <summary>The rows of a module, in the order of serving.yaml.</summary>
    public static IReadOnlyList<MeasuredRow> Of(KernelModule module, LatencyMeter meter, OriginalProcess? original = null)
    {
        var kernels = KernelRegistry.Open(module.Id).Kernels().ToDictionary(kernel => kernel.Operation);
        return [.. module.Rows.Select(row =>
        {
            List<double> here = [];
            var latency = meter.Measure(kernels[row.Operation], () => Ask(original, module.Id, row.Operation, here));
            return new MeasuredRow(row, kernels[row.Operation], latency, here);
        })];
    }

    static void Ask(OriginalProcess? original, string module, string operation, List<double> here)
    {
        if (original?.Seconds(module, operation) is { } seconds)
            here.Add(seconds);
    }
}
