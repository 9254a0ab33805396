using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Engine.Running;

/// <summary>This machine, its peaks, and the meter that compares a workload's steps with them.</summary>
public sealed class MeasuringBench : IDisposable
{
    /// <summary>What the regimes of a run are derived from.</summary>
    static readonly PeakPart[] OfARun = [PeakPart.Roofs];

    readonly Repository repository;
    readonly TorchProbe torch = new();
    readonly PeakCache cache = new(PeaksFolder());
    MachinePeaks? peaks;
    string? sidecar;

    public MeasuringBench(Repository repository, RegimeThresholds thresholds)
    {
        this.repository = repository;
        Machine = MachineRecord.Of(Roofline.Detect.Machine.Facts());
        Thresholds = thresholds;
    }

    public MachineRecord Machine { get; }

    public RegimeThresholds Thresholds { get; }

    /// <summary>Peaks with at least these parts, from an earlier run or measured now and kept. The sidecar is absent when it could not be written.</summary>
    public (MachinePeaks Peaks, string? Sidecar) Peaks(IReadOnlyList<PeakPart> parts, IRunProgress progress, bool refresh = false)
    {
        if (!refresh && peaks?.Without(parts) is []) return (peaks, sidecar);
        Libtorch.Start();
        var kept = cache.Find(Machine.Fingerprint, torch);
        (peaks, sidecar) = (refresh ? null : kept.Peaks, kept.Path);
        var missing = peaks?.Without(parts) ?? parts;
        if (peaks is null || missing.Count > 0)
        {
            progress.Report("peaks", 0, kept.Why);
            peaks = new PeakProbe(torch, Machine.Facts, TimeProvider.System).Measure(missing, peaks, step => progress.Report("peaks", step.Fraction, step.Probe));
            sidecar = Keep(PeakEvidence.Of(peaks, Machine, SourceReader.Read(repository.Root)), progress);
        }

        return (peaks, sidecar);
    }

    // A finished training must not be lost because the cache is full: its evidence carries the peaks anyway.
    string? Keep(PeakEvidence evidence, IRunProgress progress)
    {
        try
        {
            return cache.Save(evidence);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            progress.Report("peaks", 1, $"not kept for the next run: {error.Message}");
            return null;
        }
    }

    /// <param name="plan">How the steps are sampled; the usual plan when absent.</param>
    public MeasuredStep Measure(IStepSource source, IRunProgress progress, SamplingPlan? plan = null)
    {
        var (peaks, _) = Peaks(OfARun, progress);
        using var calibrator = new Calibrator(torch, Machine.Facts);
        var meter = new RegimeMeter(peaks, calibrator, new TorchRecorder(), new SystemClock(), Thresholds, plan ?? new SamplingPlan());
        return meter.Measure(source, step => progress.Report(
            "measuring", Math.Min(1, step.Seconds / step.BudgetSeconds),
            step.Undecided.Count == 0 ? $"{step.Samples} steps" : $"{step.Samples} steps, undecided: {string.Join(", ", step.Undecided.Select(axis => axis.Name()))}"));
    }

    /// <summary>The counts without any timing.</summary>
    public MeasuredStep Unmeasured(IStepSource source)
    {
        using var running = source.Prepare(source.Batch);
        var count = running.Count;
        var nothing = StepMeasurement.None("not recorded: measuring was left out");
        return new MeasuredStep(count, nothing, RegimeDerivation.Derive(count, nothing, KnownPeaks(), Thresholds));
    }

    /// <summary>The peaks kept from an earlier run; empty ones when there are none.</summary>
    public MachinePeaks KnownPeaks() => peaks ?? cache.Find(Machine.Fingerprint, torch).Peaks ?? ContentHash.Seal(new MachinePeaks
    {
        Schema = MachinePeaks.CurrentSchema,
        Fingerprint = Machine.Fingerprint,
        MeasuredAt = Timestamp.Text(DateTimeOffset.UtcNow),
        Backend = torch.Backend,
        Threads = torch.Threads,
        Parts = [],
        Series = [],
        LastLevelCache = new CapacityProbe([], null, Machine.Facts.LastLevelCacheBytes),
        Reference = [],
        ContentSha256 = "",
    });

    public void Dispose() => torch.Dispose();

    // Next to the data cache: both belong to the machine, not to a clone.
    static string PeaksFolder() => Path.Combine(Path.GetDirectoryName(DataEnvironment.FromProcess().CacheFolder)!, "peaks");
}
