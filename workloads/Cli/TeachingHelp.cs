using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>The usual help, followed by examples and exit codes.</summary>
sealed class TeachingHelp(HelpAction usual, string program) : SynchronousCommandLineAction
{
    const int WidthOffTerminal = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parse)
    {
        if (Console.IsOutputRedirected)
            usual.MaxWidth = WidthOffTerminal;
        usual.Invoke(parse);
        var output = parse.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in ExamplesBelow(parse.CommandResult.Command))
        {
            output.WriteLine($"  {program} {example.Arguments}");
            output.WriteLine($"      {example.Meaning}");
        }

        output.WriteLine();
        output.WriteLine("""
            Exit codes:
              0    done, everything holds
              1    a target was missed, a regime changed, a run got worse, or a verification found something
              2    the command line is wrong
              3    data is missing or damaged
              4    the clone, a library or the machine is not as it must be
              5    a mistake of this program
              130  stopped by Ctrl-C or SIGTERM

            NO_COLOR=1 turns colours off. Results are unofficial and not verified by MLCommons.
            """);
        return (int)ExitCode.Ok;
    }

    static IEnumerable<Example> ExamplesBelow(Command command) => command switch
    {
        CliCommand one => one.Examples,
        _ => command.Subcommands.SelectMany(below => ExamplesBelow(below).Take(1)),
    };
}
