using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Measures every peak of this machine, in about a minute.</summary>
public sealed class PeakProbe(ITorchProbe torch, MachineFacts facts, TimeProvider time)
{
    const int ReferenceRounds = 9;

    /// <summary>Of one repeat of the C# kernels: long against the start of threads and a scheduler's tick.</summary>
    public double SampleSeconds { get; init; } = 0.05;

    public MachinePeaks Measure(Action<PeakProgress>? progress = null)
    {
        var products = new ProductPeaks(torch, SampleSeconds);
        var phases = new PeakPhases(progress);
        PeakSeries[] series =
        [
            // First: memory that nothing has used yet is soon gone.
            .. phases.Run("operators and allocation", 0.03, new OperatorPeaks(torch, facts).Run),
            .. phases.Run("bandwidth", 0.23, new StreamPeaks(facts, torch.Threads, SampleSeconds).Run),
            .. phases.Run("multiply-adds and products", 0.59, products.Run),
        ];
        var lastLevelCache = phases.Run<CapacityProbe>("last-level cache", 0.1, tell => [LastLevelCacheProbe.Run(facts, tell)])[0];
        var reference = phases.Run("calibration", 0.05, Reference);
        var peaks = new MachinePeaks
        {
            Schema = MachinePeaks.CurrentSchema,
            Fingerprint = Fingerprint.Of(facts),
            MeasuredAt = EvidenceFile.Moment(time.GetUtcNow()),
            Backend = torch.Backend,
            Threads = torch.Threads,
            Series = series,
            Absent = products.Absent,
            Phases = phases.Done,
            LastLevelCache = lastLevelCache,
            Reference = reference,
            ContentSha256 = "",
        };
        progress?.Invoke(new PeakProgress("done", 1));
        return ContentHash.Seal(peaks);
    }

    IEnumerable<CalibrationSample> Reference(Action<double> progress)
    {
        using var calibrator = new Calibrator(torch, facts);
        calibrator.Sample();
        for (var round = 0; round < ReferenceRounds; round++)
        {
            progress((double)round / ReferenceRounds);
            yield return calibrator.Sample();
        }
    }
}
