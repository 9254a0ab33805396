using MlPerfEdu.Workloads.Cli;
using MlPerfEdu.Workloads.Cli.Commands;

namespace MlPerfEdu.Workloads;

/// <summary>The command line; workloads/Cli/README.md describes it.</summary>
static class Program
{
    public static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        var exit = Run(arguments, Host.OfThisProcess(interruption));
        // Threads that were left in their work must not meet the end of the libraries that they call.
        if (exit == ExitCode.Interrupted)
            Interruption.Leave(exit);
        return (int)exit;
    }

    /// <summary>One command from its arguments to its exit code.</summary>
    public static ExitCode Run(IReadOnlyList<string> arguments, Host host) =>
        new CommandLine(host,
            new ListCommand(),
            new ShowCommand(),
            new RunCommand(),
            new RankCommand(),
            new VerifyCommand(),
            new DiffCommand(),
            new PlotCommand(),
            new PeaksCommand(),
            new AcceptCommand(),
            new DoctorCommand(),
            new ReportCommand(),
            new CommandGroup("data", "See, fetch and check the data sets of datasets.yaml.",
                new DataListCommand(),
                new DataFetchCommand(),
                new DataVerifyCommand()),
            new CommandGroup("compare", "Hold workloads against the same step elsewhere.",
                new ComparePyTorchCommand()),
            new CommandGroup("kernels", "See and measure the kernels of LLM serving.",
                new KernelsListCommand(),
                new KernelsRunCommand(),
                new KernelsTableCommand()),
            new CommandGroup("zoo", "Predict published models on published silicon.",
                new ZooModelsCommand(),
                new ZooSiliconCommand(),
                new ZooPredictCommand(),
                new ZooFitCommand(),
                new ZooSweepCommand(),
                new ZooServeCommand(),
                new ZooMemoryCommand(),
                new ZooCollectivesCommand(),
                new ZooCompareCommand()))
        .Run(arguments);
}
