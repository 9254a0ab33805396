using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Workloads.Cli.Doctor;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli;

delegate RunOutcome RunWorkload(WorkloadEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop);

/// <summary>What a command takes from the world around it; tests put their own in its place.</summary>
sealed record Host
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public required Func<string, string?> Variable { get; init; }

    public required Func<Repository> FindRepository { get; init; }

    public required Func<MachineFacts> Facts { get; init; }

    public Func<Repository, WorkloadCatalog, RunWorkload> Runner { get; init; } = (repository, catalog) => new WorkloadRunner(repository, catalog).Run;

    public Func<WorkloadCatalog, bool, IRunProgress, MachinePeaks> Peaks { get; init; } = (catalog, refresh, progress) =>
        new MeasuringBench(catalog.Thresholds).Peaks(progress, refresh);

    public Func<TorchFacts> Torch { get; init; } = TorchFacts.OfThisProcess;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Cancelled by Ctrl-C and SIGTERM.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>https://no-color.org: any value that is not empty.</summary>
    public bool UsesColor => Variable("NO_COLOR") is null or "" && Variable("TERM") != "dumb";

    public static Host OfThisProcess(CancellationToken stop) => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        FindRepository = Repository.Find,
        Facts = Machine.Facts,
        Stop = stop,
    };
}
