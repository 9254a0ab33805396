using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Engine.Running;

/// <summary>Trains a workload, or puts it under load; measures its steps, judges both, and writes the evidence.</summary>
public sealed class WorkloadRunner(Repository repository, WorkloadCatalog catalog, CheckpointStore checkpoints) : IDisposable
{
    public WorkloadRunner(Repository repository, WorkloadCatalog catalog) : this(repository, catalog, CheckpointStore.Open())
    {
    }

    // The seed of a run under load decides the queries, not the weights.
    const int CheckpointSeed = 1;

    readonly Lazy<MeasuringBench> bench = new(() => new MeasuringBench(repository, catalog.Thresholds));

    public RunOutcome Run(ModelEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop = default)
    {
        EvidenceRoom.Check(options.EvidenceFolder);
        // Reported first: loading libtorch and the data may take a moment.
        progress.Report("data", 0, "");
        Libtorch.Start();
        var (setup, passedOver) = SetUp(entry, options, stop);
        var (findings, measured) = entry is InferenceEntry inference
            ? Serve(inference, setup, options, progress, stop)
            : Train(setup, options, progress, stop);
        var (path, record) = EvidenceFile.Write(options.EvidenceFolder, Evidence(entry, options, findings, measured));
        if (findings.Picture is { } picture)
            AtomicFile.Write(Path.ChangeExtension(path, ".png"), picture);
        if (findings.Weights is { } weights)
            Keep(() => checkpoints.Keep(weights.Key, weights.Sha256, record), progress);
        progress.Report("done", 1, "");
        return new RunOutcome(record, path, passedOver) { Fallback = findings.Precision.Fallback, LogPath = findings.LogPath, UnreadSizes = [.. RunErrors.UnreadSizes(entry)] };
    }

    /// <summary>Trains or serves as <see cref="Run"/> does, without the timed part, and writes and keeps nothing.</summary>
    public EvidenceRecord Repeat(ModelEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop = default)
    {
        progress.Report("data", 0, "");
        Libtorch.Start();
        options = options with { SkipMeasuring = true, KeepNothing = true };
        var (setup, _) = SetUp(entry, options, stop);
        var (findings, measured) = entry is InferenceEntry inference
            ? Serve(inference, setup, options, progress, stop)
            : Train(setup, options, progress, stop);
        progress.Report("done", 1, "");
        return Evidence(entry, options, findings, measured);
    }

    /// <summary>The workload without a run, and the setup of the one that trains its model. The caller disposes of it.</summary>
    public (IStepSource Steps, WorkloadSetup Trainer) Open(ModelEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        Libtorch.Start();
        var (setup, _) = SetUp(entry, options, stop);
        return (entry is InferenceEntry inference
            ? Trained(inference, setup, options, progress, stop)
            : WorkloadFactory.Create(WithShared(setup, options, progress, stop)), setup);
    }

    (WorkloadSetup Setup, IReadOnlyList<string> PassedOver) SetUp(ModelEntry entry, RunOptions options, CancellationToken stop)
    {
        var store = DataStore.Open(stop: stop);
        var trainer = catalog.TrainerOf(entry);
        var selection = DataSelection.For(trainer, store, options);
        return (new WorkloadSetup(trainer, selection.Choice, store), selection.PassedOver);
    }

    /// <summary>With the weights that the entry begins with, of the same data; its own recipe is not theirs.</summary>
    WorkloadSetup WithShared(WorkloadSetup setup, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        if (setup.Entry.SharedCheckpoint is not { } id) return setup;
        var trainer = catalog.FindWorkload(id)!;
        var how = new RunOptions { Seed = CheckpointSeed, Dataset = setup.Choice.Dataset, EvidenceFolder = options.EvidenceFolder };
        var weights = Weights(trainer, setup.Store, how, progress, stop);
        return setup with { Shared = new(trainer, weights.Record.WeightsSha256, weights.LoadInto, checkpoints.Folder, progress, stop) };
    }

    Checkpoint Weights(WorkloadEntry trainer, DataStore store, RunOptions how, IRunProgress progress, CancellationToken stop) =>
        new SharedWeights(checkpoints, store).LoadOrTrain(trainer, how with { KeepNothing = false, Steps = null }, (trained, options) => Run(trained, options, progress, stop), progress, stop);

    IInferenceWorkload Trained(InferenceEntry entry, WorkloadSetup trainer, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        var weights = Weights(trainer.Entry, trainer.Store, options with { Seed = CheckpointSeed, Prediction = null }, progress, stop);
        return WorkloadFactory.Create(new InferenceSetup(entry, trainer, weights, checkpoints.Folder));
    }

    (RunFindings Findings, MeasuredStep Measured) Train(WorkloadSetup setup, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        var (entry, choice) = (setup.Entry, setup.Choice);
        using var log = RunLog.Begin(options.LogFolder, entry.Id, options.Seed);
        log?.Submission(entry, choice, options.Seed, bench.Value.Machine.Facts.CpuModel);
        setup = WithShared(setup, options, progress, stop);
        using var whole = RunEnvironment.StartPeakMemory();
        // Another training in between is none of this one's time: a clock may not pause, so it starts after that one.
        var compared = entry.SharedCheckpoint is not null;
        if (!compared) log?.RunStart();
        using var workload = WorkloadFactory.Create(setup);
        // Every size is read now, before the training, not when layers are counted after it.
        Fitting.Check(entry, () => workload.Prepare(workload.Batch)).Dispose();
        if (workload.Parameters != entry.Params) throw RunErrors.OtherParameters(entry, workload.Parameters);
        (workload as IComparedWorkload)?.TrainOther(options.Seed, progress, stop);
        if (compared) log?.RunStart();
        log?.Samples(workload.TrainingSamples, workload.EvaluationSamples);
        using var own = workload is IComparedWorkload ? RunEnvironment.StartPeakMemory() : null;
        KeptWeights? weights = null;
        byte[]? picture = null;
        var session = new TrainingLoop(entry, choice, workload.Begin, options, progress, log).Run(KeepModel, stop);
        if (log?.Broken is { } why) progress.Report("log", 1, $"not kept: {why}");
        // Before the probes, whose buffers are not the workload's.
        var cost = Cost(entry, session.Seconds, session.SecondsToTarget, own ?? whole);
        progress.Report("trivial answers", 1, "");
        var quality = Quality(entry, choice, session, workload.TrivialAnswers);
        var measured = Measure(workload, options, progress, stop);
        cost = cost with { MeasuringSeconds = measured.Measurement.MeasuringSeconds };
        return (new RunFindings
        {
            Settings = EntrySettings.Of(entry, choice.Recipe, setup.Precision),
            Precision = setup.Precision,
            Data = EvidenceAssembler.DataUse(workload.Data),
            Quality = quality,
            TrajectorySha256 = session.TrajectorySha256,
            Trajectory = session.Trajectory,
            Cost = cost,
            Validity = [.. EvidenceAssembler.Validity(entry, choice, workload, session.Final, quality, measured.Measurement), .. BudgetValidity.Lines(cost)],
            Weights = weights,
            Picture = picture,
            LogPath = log is { Broken: null, Path: var path } ? path : null,
        }, measured);

        void KeepModel(ITrainingRun run)
        {
            if (options.KeepNothing || run is not IModelRun { Model: var model }) return;
            Keep(() => weights = new(CheckpointKey.Of(entry, choice, workload.Data.Files, options.Seed), checkpoints.KeepWeights(model)), progress);
            if (workload is not IDrawing drawing) return;
            progress.Report("drawing", 1, "");
            picture = drawing.Draw(model, options.Seed);
        }
    }

    (RunFindings Findings, MeasuredStep Measured) Serve(
        InferenceEntry entry, WorkloadSetup trainer, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        using var workload = Trained(entry, trainer, options, progress, stop);
        // Weights that had to be trained first belong to another run, and so does the memory of that training.
        using var memory = RunEnvironment.StartPeakMemory();
        var scenario = options.Scenario ?? ScenarioNames.Parse(entry.Scenario);
        var session = ServingSession.Run(entry, scenario, workload, options, progress, stop);
        var cost = Cost(entry, session.Seconds, null, memory);
        var measured = Measure(workload, options, progress, stop);
        cost = cost with { MeasuringSeconds = measured.Measurement.MeasuringSeconds };
        var quality = Quality(entry, session);
        return (new RunFindings
        {
            Settings = EntrySettings.With(EntrySettings.Of(entry), PrecisionChoice.Of(entry.Precision)),
            Precision = PrecisionChoice.Of(entry.Precision),
            Data = EvidenceAssembler.DataUse(workload.Data),
            Quality = quality,
            Serving = session.Serving,
            TrajectorySha256 = session.AnswersSha256,
            Cost = cost,
            Validity = [.. EvidenceAssembler.Validity(trainer.Choice, workload, session, quality, measured.Measurement), .. BudgetValidity.Lines(cost)],
        }, measured);
    }

    static CostRecord Cost(ModelEntry entry, double seconds, double? secondsToTarget, PeakMemory memory) =>
        new(seconds, secondsToTarget, MeasuringSeconds: 0, memory.Bytes()) { PeakMemoryFrom = memory.From, Budget = entry.Budget };

    // The score of each target of the chosen data set, with what else was measured.
    static QualityRecord Quality(WorkloadEntry entry, DataChoice choice, TrainingResult trained, IReadOnlyDictionary<string, double> trivial)
    {
        var scores = trained.Final;
        var metrics = scores.Metrics.Concat(scores.PerClass).Concat(trivial).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return new QualityRecord(Check(choice.QualityTarget), [.. choice.Also.Select(Check)], trained.Curve, metrics) { TrivialAnswers = [.. trivial.Keys] };

        QualityCheck Check(QualityTarget target) => QualityCheck.Of(target, RunErrors.Metric(entry.Id, scores.Metrics, target.Metric));
    }

    // For a model that answers, the first check stands where a target would; every metric is kept.
    static QualityRecord Quality(InferenceEntry entry, ServingSession session)
    {
        QualityCheck[] checks = [.. entry.Checks.Select(check => QualityCheck.Of(check, RunErrors.Metric(entry.Id, session.Metrics, check.Metric)))];
        return new QualityRecord(checks[0], checks[1..], [], session.Metrics);
    }

    // A finished training must not be lost because the cache is full: its evidence is the result.
    static void Keep(Action write, IRunProgress progress)
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

    MeasuredStep Measure(IStepSource workload, RunOptions options, IRunProgress progress, CancellationToken stop) =>
        options.SkipMeasuring ? bench.Value.Unmeasured(workload) : bench.Value.Measure(new StoppableSteps(workload, stop), progress, PlanOf(options));

    // A prediction says something about the doubled batch, which is otherwise measured only where an axis needs it.
    static SamplingPlan PlanOf(RunOptions options) => new() { AlwaysDouble = options.Prediction is not null };

    EvidenceRecord Evidence(ModelEntry entry, RunOptions options, RunFindings findings, MeasuredStep measured) => new()
    {
        Schema = EvidenceRecord.CurrentSchema,
        Workload = new WorkloadIdentity(entry.Id, entry.Suite, entry.Sha256),
        MeasuredAt = Timestamp.Text(DateTimeOffset.UtcNow),
        Settings = findings.Settings,
        Seed = options.Seed,
        Prediction = options.Prediction,
        Versions = RunEnvironment.Versions(),
        Source = SourceReader.Read(repository.Root),
        Data = findings.Data,
        Machine = bench.Value.Machine,
        Peaks = bench.Value.KnownPeaks(),
        Count = measured.Count,
        Measurement = measured.Measurement,
        Thresholds = bench.Value.Thresholds,
        Regimes = measured.Regimes,
        Quality = findings.Quality,
        Serving = findings.Serving,
        TrajectorySha256 = findings.TrajectorySha256,
        Trajectory = findings.Trajectory,
        Cost = findings.Cost,
        Validity = findings.Validity,
    };

    public void Dispose()
    {
        if (bench.IsValueCreated) bench.Value.Dispose();
    }
}

/// <summary>What a run adds to what is known of its entry, its software and its machine.</summary>
sealed record RunFindings
{
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required PrecisionChoice Precision { get; init; }

    public required DataUse Data { get; init; }

    public required QualityRecord Quality { get; init; }

    public ServingRecord? Serving { get; init; }

    public required string TrajectorySha256 { get; init; }

    /// <summary>Only of a training.</summary>
    public TrajectoryRecord? Trajectory { get; init; }

    public required CostRecord Cost { get; init; }

    public required IReadOnlyList<ValidityLine> Validity { get; init; }

    /// <summary>The weights of a training that met its target, where they could be kept.</summary>
    public KeptWeights? Weights { get; init; }

    /// <summary>What such a model drew, where its workload does.</summary>
    public byte[]? Picture { get; init; }

    /// <summary>The log of a training, where one was asked for and could be written.</summary>
    public string? LogPath { get; init; }
}

/// <summary>Weights that are kept once the evidence of their training is written.</summary>
sealed record KeptWeights(CheckpointKey Key, string Sha256);

/// <summary>What a run found, and where it was written.</summary>
/// <param name="PassedOver">Data sets that would have been preferred, and why they were not used.</param>
public sealed record RunOutcome(EvidenceRecord Evidence, string SidecarPath, IReadOnlyList<string> PassedOver)
{
    /// <summary>Why products had another precision than the entry asks for; absent where they had that one.</summary>
    public string? Fallback { get; init; }

    /// <summary>The log of a training in MLPerf's format; absent where none was asked for or it could not be written.</summary>
    public string? LogPath { get; init; }

    /// <summary>A warning for each size of the entry that nothing in the run asked for.</summary>
    public IReadOnlyList<string> UnreadSizes { get; init; } = [];

    /// <summary>Every constraint holds. Whether a regime is the expected one is another question.</summary>
    public bool Passed => Evidence.Validity.All(line => line.Met);
}

public static class WorkloadFactory
{
    /// <summary>Loads the data and prepares the workload.</summary>
    public static ITrainingWorkload Create(WorkloadSetup setup) => Fitting.Check(setup.Entry, () => Implementations.Create<ITrainingWorkload>(setup.Entry.Id, setup, setup.Recipe.Precision));

    /// <summary>Loads data and weights, trains weights that are not at hand, and prepares the workload.</summary>
    public static IInferenceWorkload Create(InferenceSetup setup) => Fitting.Check(setup.Entry, () => Implementations.Create<IInferenceWorkload>(setup.Entry.Id, setup, setup.Entry.Precision));
}

/// <summary>The steps of a workload, none of which begins once the user wants to stop.</summary>
sealed class StoppableSteps(IStepSource source, CancellationToken stop) : IStepSource
{
    public int Batch => source.Batch;

    public IRunningStep Prepare(int batch)
    {
        stop.ThrowIfCancellationRequested();
        return new Stoppable(source.Prepare(batch), stop);
    }

    sealed class Stoppable(IRunningStep step, CancellationToken stop) : IRunningStep
    {
        public string? Unrecorded => step.Unrecorded;

        public StepCount Count => step.Count;

        public void Step()
        {
            stop.ThrowIfCancellationRequested();
            step.Step();
        }

        public void Dispose() => step.Dispose();
    }
}
