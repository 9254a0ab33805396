using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Engine.Compare;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Engine.Trust;

namespace MlPerfEdu.Cli;

delegate PeakRate FindPeak(InferenceEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop);

/// <returns>The answers to all samples, in LoadGen's format.</returns>
delegate string AnswerAll(InferenceEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop);

delegate RunOutcome RunWorkload(ModelEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop);

delegate ExperimentOutcome RunExperiment(ExperimentEntry entry, string evidenceFolder, IRunProgress progress, CancellationToken stop);

/// <param name="refresh">Whether parts that are kept are measured again.</param>
delegate (MachinePeaks Peaks, string? Sidecar) MeasurePeaks(
    Repository repository, WorkloadCatalog catalog, IReadOnlyList<PeakPart> parts, bool refresh, IRunProgress progress);

delegate KernelRun MeasureKernels(
    IReadOnlyList<KernelModule> modules, MachineFacts facts, OriginalProcess? original, IRunProgress progress, CancellationToken stop);

/// <summary>What every command depends on: streams, clock, clone, machine and engine. Tests put their own in its place.</summary>
sealed record Services
{
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>Where a person answers.</summary>
    public TextReader In { get; init; } = Console.In;

    /// <summary>Columns of the terminal that the output goes to; null when it goes elsewhere.</summary>
    public int? OutWidth { get; init; }

    public int? ErrorWidth { get; init; }

    /// <summary>Whether the output can show more than ASCII.</summary>
    public bool Unicode { get; init; } = true;

    public required Func<string, string?> Variable { get; init; }
    public required Func<Repository> FindRepository { get; init; }
    public required Func<MachineFacts> Facts { get; init; }
    public Func<Repository, WorkloadCatalog, RunWorkload> Runner { get; init; } =
        (repository, catalog) => new WorkloadRunner(repository, catalog).Run;
    public Func<Repository, WorkloadCatalog, RepeatWorkload> Repeater { get; init; } =
        (repository, catalog) => new WorkloadRunner(repository, catalog).Repeat;
    public Func<Repository, WorkloadCatalog, FindPeak> PeakFinder { get; init; } =
        (repository, catalog) => new ServingTrials(new WorkloadRunner(repository, catalog)).FindPeak;
    public Func<Repository, WorkloadCatalog, AnswerAll> Answerer { get; init; } =
        (repository, catalog) => new ServingTrials(new WorkloadRunner(repository, catalog)).Accuracy;
    public Func<Repository, RunExperiment> Experiments { get; init; } = repository => new ExperimentRunner(repository).Run;
    public MeasureKernels Kernels { get; init; } = KernelRun.Measure;

    public MeasurePeaks Peaks { get; init; } = (repository, catalog, parts, refresh, progress) =>
    {
        using var bench = new MeasuringBench(repository, catalog.Thresholds);
        return bench.Peaks(parts, progress, refresh);
    };

    public Func<Fetcher> Fetcher { get; init; } = () => new Fetcher();
    public Func<TorchFacts> Torch { get; init; } = TorchFacts.OfThisProcess;
    public OpenContestant Contestants { get; init; } = Contestant.Of;
    public RunTargetRace TargetRaces { get; init; } = TargetRace.Run;
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Cancelled by Ctrl-C and SIGTERM.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Says that the command was stopped, unless that has been said.</summary>
    public Action<Action> TellOnce { get; init; } = tell => tell();

    public Screen OutScreen => new(Out, OutWidth, IsPlain(OutWidth));
    public Screen ErrorScreen => new(Error, ErrorWidth, IsPlain(ErrorWidth));

    public void Tell(Screen log, Failure failure)
    {
        if (failure == Failure.Interrupted)
            TellOnce(Say);
        else
            Say();

        void Say() => log.Line(failure.ToString(), Tone.Bad);
    }

    public static Services OfThisProcess(Interruption interruption) => new()
    {
        Out = StandardStreams.Out,
        Error = StandardStreams.Error,
        OutWidth = Console.IsOutputRedirected ? null : TerminalWidth(),
        ErrorWidth = Console.IsErrorRedirected ? null : TerminalWidth(),
        Unicode = Console.OutputEncoding.WebName == "utf-8",
        Variable = Environment.GetEnvironmentVariable,
        FindRepository = Repository.Find,
        Facts = Roofline.Detect.Machine.Facts,
        Stop = interruption.Token,
        TellOnce = interruption.TellOnce,
    };

    // https://no-color.org: any value that is not empty.
    bool IsPlain(int? width) => width is null || Variable("NO_COLOR") is { Length: > 0 } || Variable("TERM") == "dumb";

    // Some terminals say 0.
    static int TerminalWidth() => Console.WindowWidth is > 0 and var width ? width : 80;
}

/// <param name="Adjusted">Whether TorchSharp's library is the copy for an older libstdc++.</param>
sealed record TorchFacts(string TorchSharp, string Libtorch, bool Adjusted, int Threads, int AvailableThreads)
{
    public static TorchFacts OfThisProcess()
    {
        var start = Roofline.Torch.Libtorch.Start();
        return new(start.TorchSharpVersion, start.Version, start.Adjusted, start.Threads, Environment.ProcessorCount);
    }
}

/// <summary>Whether a data set is on this machine. <paramref name="Damage"/> is the code of what is wrong with its bytes.</summary>
sealed record DataStatus(string Dataset, DataOrigin Origin, string Reason, string? Damage, IReadOnlyList<ResolvedFile> Files)
{
    public bool IsAvailable => Origin != DataOrigin.None;
}

/// <summary>Which data sets are on this machine; each is looked up once, however many workloads name it.</summary>
sealed class LocalData(DataStore store)
{
    readonly Dictionary<string, DataStatus> known = [];

    public DataStatus Of(string dataset) => known.TryGetValue(dataset, out var status) ? status : known[dataset] = LookUp(dataset);

    /// <summary>The choice that a run takes: the first whose data is available.</summary>
    public DataChoice? FirstAvailable(WorkloadEntry entry) => entry.Data.FirstOrDefault(choice => Of(choice.Dataset).IsAvailable);

    /// <summary>Bytes of all published files; null where no size is pinned.</summary>
    public static long? PublishedBytes(DataSetEntry entry)
    {
        var pinned = entry.Files.Where(file => file.Pins.Count > 0).ToList();
        return pinned.Count == 0 ? null : pinned.Sum(file => file.Pins[0].Bytes);
    }

    DataStatus LookUp(string dataset)
    {
        try
        {
            var found = store.Resolve(dataset);
            return new(dataset, found.Origin, found.Reason, null, found.Files);
        }
        catch (DataException damaged)
        {
            return new(dataset, DataOrigin.None, damaged.Message, damaged.Code, []);
        }
    }
}
