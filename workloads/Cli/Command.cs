using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlPerfEdu.Cli;

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

    protected static Argument<string> OneValue(string name, string description) =>
        RefusingOptions(new Argument<string>(name) { Description = description });

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
