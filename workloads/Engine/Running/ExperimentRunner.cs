using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Engine.Running;

/// <summary>Measures an experiment's points, derives its findings, compares them with the entry's checks, and writes the evidence.</summary>
public sealed class ExperimentRunner(Repository repository)
{
    static readonly Lock Deriving = new();

    /// <exception cref="NotAvailableException">Something it needs is missing here; the experiment is skipped, not failed.</exception>
    public ExperimentOutcome Run(ExperimentEntry entry, string evidenceFolder, IRunProgress progress, CancellationToken stop = default)
    {
        Libtorch.Start();
        using var memory = RunEnvironment.StartPeakMemory();
        var facts = Roofline.Detect.Machine.Facts();
        var experiment = Create(entry, facts);
        if (experiment.Unavailable is { } reason)
            throw new NotAvailableException(reason);
        EvidenceRoom.Check(evidenceFolder);
        var clock = new SystemClock();
        var (began, queued) = (clock.Seconds, clock.QueuedSeconds);
        var points = experiment.Measure(progress, stop);
        var (seconds, waited) = (clock.Seconds - began, clock.QueuedSeconds - queued);
        var findings = experiment.Derive(points);

        var (path, record) = EvidenceFile.Write(evidenceFolder, new ExperimentRecord
        {
            Schema = ExperimentRecord.CurrentSchema,
            Experiment = new WorkloadIdentity(entry.Id, entry.Suite, entry.Sha256),
            MeasuredAt = Timestamp.Text(DateTimeOffset.UtcNow),
            Settings = EntrySettings.Of(entry),
            Versions = RunEnvironment.Versions(),
            Source = SourceReader.Read(repository.Root),
            Machine = MachineRecord.Of(facts),
            Points = points,
            Metrics = findings.Metrics,
            Checks = [.. entry.Checks.Select(check => QualityCheck.Of(check, RunErrors.Metric(entry.Id, findings.Metrics, check.Metric)))],
            Seconds = seconds,
            QueuedSeconds = waited,
            PeakMemoryBytes = memory.Bytes(),
            PeakMemoryFrom = memory.From,
            Budget = entry.Budget,
        });
        progress.Report("done", 1, "");
        return new ExperimentOutcome(record, findings, path) { Fallback = PrecisionChoice.Of(entry.Precision).Fallback };
    }

    /// <summary>Derives the findings of a sidecar again; null when its entry has changed since.</summary>
    public static Findings? Derive(ExperimentEntry entry, ExperimentRecord record)
    {
        // Some count a step on tensors without memory, which is a setting of the whole process: one at a time.
        lock (Deriving)
            return record.Experiment.EntrySha256 == entry.Sha256 ? Create(entry, record.Machine.Facts).Derive(record.Points) : null;
    }

    internal static IExperiment Create(ExperimentEntry entry, MachineFacts facts) =>
        Implementations.Create<IExperiment>(entry.Id, new ExperimentSetup(entry, facts), entry.Precision);
}

/// <summary>What an experiment found, and where it was written.</summary>
public sealed record ExperimentOutcome(ExperimentRecord Evidence, Findings Findings, string SidecarPath)
{
    /// <summary>Why products had another precision than the entry asks for; absent where they had that one.</summary>
    public string? Fallback { get; init; }

    public bool Passed => Evidence.Checks.All(check => check.Met) && Evidence.MemoryHolds;
}
