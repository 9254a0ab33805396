using System.CommandLine;
using MlPerfEdu.Workloads.Cli.Show;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

using Serving = MlPerfEdu.Zoo.Serving;

sealed class ZooServeCommand : CliCommand
{
    readonly Argument<string> _model = OneValue("MODEL", "A model of the zoo that makes tokens");
    readonly Argument<string> _device = OneValue("DEVICE", "A device of the zoo, or this-machine");
    readonly ZooOptions _options = new();
    readonly Option<int> _prompt = Count("--prompt", "Tokens of each prompt", "TOKENS", 2048);
    readonly Option<int> _cached = Count("--cached", "Of them, those whose keys and values are there already", "TOKENS", 0);
    readonly Option<int> _chunks = Count("--chunks", "Pieces in which a prompt is read", "N", 1);
    readonly Option<int> _page = Count("--page", "Tokens per page of the cache", "TOKENS", 16);
    readonly Option<int> _most = Count("--most", "Requests at a time under continuous batching", "N", 256);
    readonly Option<string?> _draft = new("--draft") { Description = "A small model that proposes tokens", HelpName = "MODEL" };
    readonly Option<int> _proposed = Count("--proposed", "Tokens that it proposes per round", "N", 4);

    readonly Option<double> _acceptance = new("--acceptance")
    {
        Description = "Probability that one of them is kept",
        HelpName = "P",
        DefaultValueFactory = _ => 0.7,
    };

    public ZooServeCommand()
        : base("serve", "Predict answering prompts: first and next token, cache, continuous batching, speculative decoding.",
            new("zoo serve llama3-8b h100", "Prompts of 2048 tokens, one at a time and as many as memory holds."),
            new("zoo serve llama3-8b h100 --prompt 8192 --cached 6144 --chunks 4", "Most of a prompt read before, the rest in pieces."),
            new("zoo serve llama3-70b b200 --draft llama3-8b --acceptance 0.8", "With a small model that proposes four tokens per round."),
            new("zoo serve mamba-2-8b h100 --batch 64 --json", "A state instead of a cache, for a script."))
    {
        Add(_model);
        Add(_device);
        foreach (var option in new Option[]
            { _options.Batch, _options.Dtype, _prompt, _cached, _chunks, _page, _most, _draft, _proposed, _acceptance, _options.Reference })
            Add(option);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var (model, device, rules) = _options.Entries(
            parse, ModelZoo.BuiltIn[parse.GetValue(_model)!], ZooDevices.Find(session, parse.GetValue(_device)!));
        var question = new ServingQuestion(model, device)
        {
            Batch = parse.GetValue(_options.Batch),
            Dtype = _options.DtypeOf(parse),
            Prompt = parse.GetValue(_prompt),
            CachedPrefix = parse.GetValue(_cached),
            Chunks = parse.GetValue(_chunks),
            Page = parse.GetValue(_page),
            Rules = rules,
        };
        var serving = Serving.Solve(question);
        SpeculativeDecoding? speculative = parse.GetValue(_draft) is { } draft
            ? SpeculativeDecoding.Of(question, ModelZoo.BuiltIn[draft], parse.GetValue(_proposed), parse.GetValue(_acceptance))
            : null;
        var page = new ServingPage(question, serving, ContinuousBatching.Of(question, parse.GetValue(_most)), speculative);
        session.Answer(page.Document(), page.Draw);
        return ExitCode.Ok;
    }

    static Option<int> Count(string name, string description, string unit, int usual) =>
        new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual };
}
