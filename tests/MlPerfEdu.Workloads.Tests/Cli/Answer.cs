using System.Text.Json;
using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Engine;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>What a command answered.</summary>
sealed record Answer(int Exit, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Runs a command in this process, on a clone, on the sample machine, with the real libtorch out of reach.</summary>
    public static Answer To(Clone clone, string[] arguments, Func<Services, Services>? change = null, Dictionary<string, string>? variables = null) =>
        To(clone.Repository, arguments, change, new Dictionary<string, string>(variables ?? []) { ["MLPERFEDU_CACHE"] = clone.Cache });

    public static Answer To(Repository repository, string[] arguments, Func<Services, Services>? change = null, Dictionary<string, string>? variables = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var services = new Services
        {
            Out = output,
            Error = error,
            Variable = name => variables?.GetValueOrDefault(name),
            FindRepository = () => repository,
            Facts = () => SampleEvidence.Facts,
            Peaks = (_, _, _, _, _) => (SampleEvidence.Peaks, "peaks.json"),
            Runner = (_, _) => (_, _, _, _) => throw new InvalidOperationException("This test expects no run."),
            Torch = () => new TorchFacts("0.107.0", "2.10.0", false, 2, 2),
            Fetcher = () => throw new InvalidOperationException("This test expects no download."),
        };
        var exit = (int)Program.Run(arguments, change is null ? services : change(services));
        return new(exit, output.ToString(), error.ToString());
    }

    public static Answer To(Clone clone, string commandLine) => To(clone, commandLine.Split(' '));
}
