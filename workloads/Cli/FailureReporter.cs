using System.CommandLine;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>Tells a failure on the error stream, and with --json also as the one document on the output.</summary>
sealed class FailureReporter(Host host, bool json, bool verbose)
{
    readonly Screen _log = host.ErrorScreen;

    public ExitCode Failed(Exception error)
    {
        var exit = Tell(Failure.Of(error, host.Stop));
        if (verbose)
            _log.Line(error.ToString());
        return exit;
    }

    public ExitCode WrongUsage(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var help = $"see `{string.Join(' ', PathOf(parse))} --help`.";
        if (command is CommandGroup)
        {
            var found = parse.UnmatchedTokens is [var first, ..] ? $"'{first}'" : "no command";
            return Tell(Usage($"found {found} → expected one of: {string.Join(", ", command.Subcommands.Select(below => below.Name))} → {help}"));
        }

        return Tell(Usage($"{string.Join(" ", parse.Errors.Select(mistake => mistake.Message))} → expected a command line as in the help → {help}"));
    }

    static Failure Usage(string message) => new(ExitCode.Usage, "MLP2001", message);

    ExitCode Tell(Failure failure)
    {
        host.Tell(_log, failure);
        if (json)
            Answer(failure);
        return failure.Exit;
    }

    void Answer(Failure failure)
    {
        try
        {
            host.Out.Write(JsonOutput.Text(new { Error = failure.Result }));
        }
        catch (IOException)
        {
            // The output is full; the error stream has told the failure.
        }
    }

    static Stack<string> PathOf(ParseResult parse)
    {
        var names = new Stack<string>();
        for (var result = parse.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(result.Command.Name);
        return names;
    }
}
