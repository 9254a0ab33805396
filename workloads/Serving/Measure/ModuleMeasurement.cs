using MlPerfEdu.Generator;

namespace MlPerfEdu.Serving.Measure;

/// <summary>
/// The rows of a module while they are measured. Samples are taken in rounds with time between them, so that a few seconds in which the
/// machine is slow do not decide about a row.
/// </summary>
public sealed class ModuleMeasurement
{
    readonly OriginalProcess? _original;
    readonly CancellationToken _stop;
    readonly List<(KernelRow Row, Kernel Kernel, LatencySamples Samples, List<double> Here)> _rows;

    /// <summary>Warms every row up.</summary>
    /// <param name="original">Asked in turn with each round.</param>
    /// <param name="stop">Looked at before each row.</param>
    public ModuleMeasurement(KernelModule module, LatencyMeter meter, OriginalProcess? original = null, CancellationToken stop = default)
    {
        (Module, _original, _stop) = (module, original, stop);
        var kernels = KernelRegistry.Open(module.Id).Kernels().ToDictionary(kernel => kernel.Operation);
        _rows = [.. module.Rows.Select(row => (row, kernels[row.Operation], Start(kernels[row.Operation]), new List<double>()))];

        LatencySamples Start(Kernel kernel)
        {
            stop.ThrowIfCancellationRequested();
            return meter.Start(kernel);
        }
    }

    public KernelModule Module { get; }

    /// <summary>In the order of serving.yaml.</summary>
    public IReadOnlyList<MeasuredRow> Rows => [.. _rows.Select(row => new MeasuredRow(row.Row, row.Kernel, row.Samples.Latency, row.Here))];

    /// <summary>Samples every row once more.</summary>
    public void AddRound()
    {
        foreach (var (row, _, samples, here) in _rows)
        {
            _stop.ThrowIfCancellationRequested();
            if (_original?.Seconds(Module.Id, row.Operation) is { } seconds)
                here.Add(seconds);
            samples.Add();
        }
    }
}
