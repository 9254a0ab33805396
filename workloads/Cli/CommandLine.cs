using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Reflection;

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
        var first = arguments.Count > 0 ? arguments[0] : "";
        if (first is "--version" or "version")
            return ShowVersion();
        if (first == "help")
            arguments = [.. arguments.Skip(1), "--help"];
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

    ExitCode ShowVersion()
    {
        var version = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        services.Out.WriteLine($"{Program} {version}, .NET {Environment.Version}");
        return ExitCode.Ok;
    }

    static string WrongUsage(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var help = $"see `{PathOf(parse.CommandResult)} --help`.";
        if (command is CliCommand)
            return $"{string.Join(" ", parse.Errors.Select(MessageOf))} → expected a command line as in the help → {help}";
        var known = command.Subcommands.Select(below => below.Name).ToList();
        var (found, advice) = parse.UnmatchedTokens is [var first, ..] ? ($"'{first}'", Spelling.Advice(first, known, help)) : ("no command", help);
        return $"found {found} → expected one of: {string.Join(", ", known)} → {advice}";
    }

    // The parser's own message names a type of .NET.
    static string MessageOf(ParseError mistake) => mistake is { SymbolResult: OptionResult { Option: var option, Tokens: [var token] } }
        && mistake.Message.Contains(option.ValueType.FullName!, StringComparison.Ordinal)
            ? $"{option.Name} '{token.Value}' is not {(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) switch
            {
                var type when type == typeof(int) => $"a whole number up to {int.MaxValue}",
                var type when type == typeof(double) => "a number",
                _ => "a value of the kind that the help names",
            }}."
            : mistake.Message;

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

sealed record Example(string Arguments, string Meaning);

/// <summary>A command that does something itself, with examples for its help.</summary>
abstract class CliCommand(string name, string description, params IReadOnlyList<Example> examples) : Command(name, description)
{
    public IReadOnlyList<Example> Examples => examples;

    /// <summary>The command's arguments and options, in the order of its help.</summary>
    protected virtual IReadOnlyList<Symbol> Inputs => [];

    public void Attach(Services services, Option<bool> json)
    {
        foreach (var input in Inputs)
        {
            if (input is Argument argument)
                Add(argument);
            else
                Add((Option)input);
        }
        SetAction(parse => (int)Execute(parse, new Invocation(services, parse.GetValue(json))));
    }

    protected abstract ExitCode Execute(ParseResult parse, Invocation invocation);

    protected static Argument<string[]> ManyValues(string name, string description, ArgumentArity? arity = null) =>
        RefusingOptions(new Argument<string[]>(name) { Description = description, Arity = arity ?? ArgumentArity.ZeroOrMore });

    protected static Argument<string> OneValue(string name, string description, ArgumentArity? arity = null) =>
        RefusingOptions(new Argument<string>(name) { Description = description, Arity = arity ?? ArgumentArity.ExactlyOne });

    protected static Option<T> WithDefault<T>(string name, string description, string unit, T usual) =>
        new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual };

    protected static Option<T> WholeNumber<T>(Option<T> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number >= least))
                result.AddError($"{option.Name} '{token.Value}' is not a whole number from {least}.");
        });
        return option;
    }

    /// <param name="what">A number of these.</param>
    protected static Option<double?> NumberAbove0(Option<double?> option, string what)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)))
                result.AddError($"{option.Name} '{token.Value}' is not a number of {what} above 0.");
        });
        return option;
    }

    // The parser would take a misspelt option for one more value.
    static T RefusingOptions<T>(T argument)
        where T : Argument
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                result.AddError($"Unrecognized option '{token.Value}'.");
        });
        return argument;
    }
}

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
              4    something is wrong with the clone, a library or the machine
              5    a bug in this program
              130  stopped by Ctrl-C or SIGTERM

            mlperfedu stands for: dotnet run --project workloads --
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
