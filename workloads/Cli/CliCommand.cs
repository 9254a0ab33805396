using System.CommandLine;

namespace MlPerfEdu.Workloads.Cli;

sealed record Example(string Arguments, string Meaning);

/// <summary>A command that does something itself, with examples for its help.</summary>
abstract class CliCommand : Command
{
    protected CliCommand(string name, string description, params Example[] examples)
        : base(name, description)
    {
        Examples = examples;
    }

    public IReadOnlyList<Example> Examples { get; }

    /// <summary>Connects the command to the world. A command that has only sub-commands does nothing itself.</summary>
    public virtual void Attach(Host host, Option<bool> json) =>
        SetAction(parse => (int)Execute(parse, new Session(host, parse.GetValue(json))));

    protected abstract ExitCode Execute(ParseResult parse, Session session);

    /// <summary>The parser would take a misspelt option for one more value.</summary>
    protected static Argument<string[]> ManyValues(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                result.AddError($"Unrecognized option '{token.Value}'.");
        });
        return argument;
    }

    protected static Argument<string> OneValue(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] wrong }])
                result.AddError($"Unrecognized option '{wrong}'.");
        });
        return argument;
    }
}
