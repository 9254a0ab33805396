using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Workloads.Checkpoints;
using MlPerfEdu.Workloads.Training;

namespace MlPerfEdu.Workloads.Running;

/// <summary>Trains a workload, measures its steps, judges both, and writes the evidence.</summary>
public sealed class WorkloadRunner(Repository repository, WorkloadCatalog catalog, CheckpointStore checkpoints) : IDisposable
{
    public WorkloadRunner(Repository repository, WorkloadCatalog catalog) : this(repository, catalog, CheckpointStore.Open())
    {
    }

    readonly Lazy<MeasuringBench> bench = new(() => new MeasuringBench(repository, catalog.Thresholds));

    public RunOutcome Run(WorkloadEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop = default)
    {
        Circumstances.ReleaseUnusedMemory();
        PeakMemory.Restart();
        progress.Report("data", 0, "");
        var store = DataStore.Open();
        var selection = DataSelection.For(entry, store, options);
        var choice = selection.Choice;
        using var workload = WorkloadFactory.Create(new WorkloadSetup(entry, choice, store));

        string? weights = null;
        var session = TrainingSession.Run(entry, choice, workload, options, KeepWeights, progress, stop);
        // Before the probes, whose buffers are not the workload's.
        var peakMemory = PeakMemory.Bytes();
        var measured = options.SkipMeasuring ? bench.Value.Unmeasured(workload) : bench.Value.Measure(workload, progress);
        var quality = EvidenceAssembler.Quality(entry, choice, session);

        var (path, record) = EvidenceFile.Write(options.EvidenceFolder, new EvidenceRecord
        {
            Schema = EvidenceRecord.CurrentSchema,
            Workload = new WorkloadIdentity(entry.Id, entry.Suite, entry.Sha256),
            MeasuredAt = EvidenceFile.Moment(DateTimeOffset.UtcNow),
            Settings = EvidenceAssembler.Settings(entry, choice.Recipe),
            Seed = options.Seed,
            Versions = Circumstances.Versions(),
            Source = SourceReader.Read(repository.Root),
            Data = EvidenceAssembler.DataUse(workload.Data),
            Machine = bench.Value.Machine,
            Peaks = bench.Value.KnownPeaks(),
            Count = measured.Count,
            Measurement = measured.Measurement,
            Thresholds = bench.Value.Thresholds,
            Regimes = measured.Regimes,
            Quality = quality,
            TrajectorySha256 = session.TrajectorySha256,
            Cost = new CostRecord(session.Seconds, session.SecondsToTarget, measured.Measurement.MeasuringSeconds, peakMemory),
            Validity = EvidenceAssembler.Validity(entry, choice, workload, session.Final, quality, measured.Measurement),
        });
        if (weights is not null) Keep(() => checkpoints.Keep(CheckpointKey.Of(entry, choice, workload.Data.Files, options.Seed), weights, record));
        progress.Report("done", 1, "");
        return new RunOutcome(record, path, selection.PassedOver);

        void KeepWeights(ITrainingRun run)
        {
            if (run is IModelRun { Model: var model }) Keep(() => weights = checkpoints.KeepWeights(model));
        }

        // A finished training must not be lost because the cache is full: its evidence is the result.
        void Keep(Action write)
        {
            try
            {
                write();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                progress.Report("weights", 1, $"not kept for later runs: {error.Message}");
            }
        }
    }

    public void Dispose()
    {
        if (bench.IsValueCreated) bench.Value.Dispose();
    }
}
