using System.CommandLine;
using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Workloads.Agent.NanoCodegen;

namespace MlPerfEdu.Workloads;

/// <summary>The command line; workloads/Cli/README.md describes it.</summary>
static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is [SandboxProcess.Role])
            return SandboxProcess.Serve(Console.In, Console.Out);
        using var interruption = new Interruption();
        var exit = Run(arguments, Services.OfThisProcess(interruption));
        // Threads still at work must not run into libraries that are being unloaded.
        if (exit == ExitCode.Interrupted)
            Interruption.Leave(exit);
        return (int)exit;
    }

    /// <summary>One command from its arguments to its exit code.</summary>
    public static ExitCode Run(IReadOnlyList<string> arguments, Services services) =>
        new CommandLine(services,
            new ListCommand(),
            new ShowCommand(),
            new RunCommand(),
            new RankCommand(),
            new WatchCommand(),
            new LabCommand(),
            new GradeCommand(),
            new VerifyCommand(),
            new DiffCommand(),
            new PlotCommand(),
            new PeaksCommand(),
            new AcceptCommand(),
            new DoctorCommand(),
            new NewCommand(),
            new ReportCommand(),
            new Command("data", "List, download and check the data sets of datasets.yaml.")
            {
                new DataListCommand(),
                new DataFetchCommand(),
                new DataVerifyCommand(),
            },
            new Command("mllog", "Check logs in MLPerf's format, and write the rules for MLCommons' own checker.")
            {
                new MllogCheckCommand(),
                new MllogRulesCommand(),
            },
            new Command("rcp", "Reference convergence points: how many samples a training needs to its target.")
            {
                new RcpWriteCommand(),
                new RcpCheckCommand(),
            },
            new Command("compare", "Time workloads against plain PyTorch and plain TorchSharp.")
            {
                new ComparePyTorchCommand(),
                new CompareTorchSharpCommand(),
            },
            new Command("kernels", "List and measure the kernels of LLM serving.")
            {
                new KernelsListCommand(),
                new KernelsRunCommand(),
                new KernelsTableCommand(),
            },
            new Command("zoo", "Predict published models on published devices.")
            {
                new ZooModelsCommand(),
                new ZooSiliconCommand(),
                new ZooPredictCommand(),
                new ZooFitCommand(),
                new ZooSweepCommand(),
                new ZooServeCommand(),
                new ZooMemoryCommand(),
                new ZooCollectivesCommand(),
                new ZooCompareCommand(),
            })
        .Run(arguments);
}
