using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace MlPerfEdu.Cli;

/// <summary>Parses the arguments, runs one command, and turns whatever happened into an exit code.</summary>
sealed class CommandLine
{
    public const string Program = "mlperfedu";

    readonly Option<bool> json = new("--json")
        { Description = "Print one JSON document on standard output; remarks go to standard error", Recursive = true };
    readonly Option<bool> verbose = new("--verbose") { Description = "Show the stack trace of an unexpected error", Recursive = true };
    readonly Command root;
    readonly Services services;
    readonly Screen log;

    public CommandLine(Services services, params IReadOnlyList<Command> commands)
    {
        (this.services, log) = (services, services.ErrorScreen);
        root = new(Program, "Trains small models to a target, measures what limits a step, and keeps the evidence.");
        foreach (var command in commands)
            root.Add(command);
        var help = new HelpOption { Description = "Explain the command and show examples" };
        help.Action = new TeachingHelp((HelpAction)help.Action!, Program);
        root.Add(json);
        root.Add(verbose);
        root.Add(help);
        Attach(root);
    }

    void Attach(Command command)
    {
        if (command is CliCommand one)
            one.Attach(services, json);
        foreach (var below in command.Subcommands)
            Attach(below);
    }

    public ExitCode Run(IReadOnlyList<string> arguments)
    {
        // Without a replacer, an argument such as @file is an argument, not a file to read.
        var parse = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var json = arguments.Contains("--json");
        if (parse.Action is ParseErrorAction)
            return Tell(new(ExitCode.Usage, "MLP2001", WrongUsage(parse)), json);
        try
        {
            return (ExitCode)parse.Invoke(new InvocationConfiguration
            {
                Output = services.Out,
                Error = services.Error,
                EnableDefaultExceptionHandler = false,
                // Interruption handles the signals.
                ProcessTerminationTimeout = null,
            });
        }
#pragma warning disable CA1031 // The outermost frame: every exception becomes a message and an exit code here.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var exit = Tell(Failure.Of(error, services.Stop), json);
            if (arguments.Contains("--verbose"))
                log.Line(error.ToString());
            return exit;
        }
    }

    static string WrongUsage(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var help = $"see `{PathOf(parse.CommandResult)} --help`.";
        if (command is CliCommand)
            return $"{string.Join(" ", parse.Errors.Select(mistake => mistake.Message))} → expected a command line as in the help → {help}";
        var found = parse.UnmatchedTokens is [var first, ..] ? $"'{first}'" : "no command";
        return $"found {found} → expected one of: {string.Join(", ", command.Subcommands.Select(below => below.Name))} → {help}";
    }

    static string PathOf(CommandResult result) =>
        result.Parent is CommandResult above ? $"{PathOf(above)} {result.Command.Name}" : result.Command.Name;

    /// <summary>Tells a failure on the error stream, and with --json also as the one document on the output.</summary>
    ExitCode Tell(Failure failure, bool json)
    {
        services.Tell(log, failure);
        try
        {
            if (json)
                services.Out.Write(JsonOutput.Text(new { Error = failure.Result }));
        }
        catch (IOException)
        {
            // The output is full; the error stream has told the failure.
        }
        return failure.Exit;
    }
}
