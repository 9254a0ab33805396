using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>Parses the arguments, runs one command, and turns whatever happened into an exit code.</summary>
sealed class CommandLine
{
    public const string Program = "mlperfedu";

    readonly Option<bool> _json = new("--json") { Description = "Answer with one JSON document; remarks go to the error stream", Recursive = true };
    readonly Option<bool> _verbose = new("--verbose") { Description = "Show the stack of an unexpected error", Recursive = true };
    readonly CommandGroup _root;
    readonly Host _host;

    public CommandLine(Host host, params IReadOnlyList<Command> commands)
    {
        _host = host;
        _root = new(Program, "Trains small models to a target, measures where their time goes, and keeps the evidence.", commands);
        var help = new HelpOption { Description = "Explain the command and show examples" };
        help.Action = new TeachingHelp((HelpAction)help.Action!, Program);
        _root.Add(_json);
        _root.Add(_verbose);
        _root.Add(help);
        Attach(_root);
    }

    public ExitCode Run(IReadOnlyList<string> arguments)
    {
        // Without a replacer, an argument such as @file is an argument, not a file to read.
        var parse = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var reporter = new FailureReporter(_host, json: arguments.Contains("--json"), verbose: arguments.Contains("--verbose"));
        if (parse.Action is ParseErrorAction)
            return reporter.WrongUsage(parse);
        try
        {
            return (ExitCode)parse.Invoke(new InvocationConfiguration
            {
                Output = _host.Out,
                Error = _host.Error,
                EnableDefaultExceptionHandler = false,
                // Interruption handles the signals.
                ProcessTerminationTimeout = null,
            });
        }
#pragma warning disable CA1031 // The outermost frame: every exception becomes a message and an exit code here.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return reporter.Failed(error);
        }
    }

    void Attach(Command command)
    {
        if (command is CliCommand one)
            one.Attach(_host, _json);
        foreach (var below in command.Subcommands)
            Attach(below);
    }
}
