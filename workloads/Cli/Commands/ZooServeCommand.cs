using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
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

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var (model, device, rules) = _options.Entries(
            parse, ModelZoo.BuiltIn[parse.GetValue(_model)!], ZooDevices.Find(invocation, parse.GetValue(_device)!));
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
        invocation.Answer(page.Document(), page.Draw);
        return ExitCode.Ok;
    }

    static Option<int> Count(string name, string description, string unit, int usual) =>
        new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual };
}

/// <summary>What serving one model on one device costs.</summary>
sealed class ServingPage(ServingQuestion question, Serving serving, ContinuousBatching batching, SpeculativeDecoding? speculative)
{
    public object Document() => new
    {
        Model = question.Model.Id,
        Device = question.Device.Id,
        question.Batch,
        Dtype = question.Dtype.Name(),
        question.Prompt,
        question.CachedPrefix,
        question.Chunks,
        question.Page,
        question.Rules,
        FirstTokenSeconds = serving.FirstToken.Value,
        NextTokenSeconds = serving.NextToken.Value,
        WeightBytes = serving.Weights.Value,
        CacheBytes = serving.Cache.Value,
        PagingWaste = serving.Waste,
        serving.Utilisation,
        serving.Fits,
        ContinuousBatching = new { batching.Active, batching.TokensPerSecond },
        SpeculativeDecoding = speculative is { } made ? Row(made) : null,
    };

    public void Draw(Screen screen)
    {
        var cached = question.CachedPrefix > 0 ? $", {question.CachedPrefix} of them read before" : "";
        var prompts = $"prompts of {question.Prompt} tokens{cached}";
        screen.Line($"{question.Model.Name} on {question.Device.Name}, {question.Dtype.Name()}, {prompts}");
        screen.Facts($"{question.Batch} at a time",
        [
            ("first token", Units.Seconds(serving.FirstToken.Value)),
            ("next token", $"{Units.Seconds(serving.NextToken.Value)} ({Units.Si(question.Batch / serving.NextToken.Value)} tokens/s)"),
            ("weights", Units.Si(serving.Weights.Value, "B")),
            ("cache or state", $"{Units.Si(serving.Cache.Value, "B")}, {Units.Percent(serving.Waste)} of its pages empty"),
            ("memory", $"{Units.Percent(serving.Utilisation)} of {Units.Si(question.Device.Capacity.Value, "B")}"),
        ]);
        screen.Facts("Continuous batching", batching.Active > 0
            ? [("requests at a time", $"{batching.Active}"), ("throughput", $"{Units.Si(batching.TokensPerSecond)} tokens/s")]
            : [("requests at a time", "none: the weights leave no room for one")]);
        if (speculative is { } made)
        {
            screen.Facts($"Speculative decoding with {made.Draft.Name}",
            [
                ("proposing", $"{made.Proposed} × {Units.Seconds(made.DraftToken.Value)}"),
                ("checking", Units.Seconds(made.Verify.Value)),
                ("tokens per round", $"{made.TokensPerRound:0.##}"),
                ("next token", Units.Seconds(made.NextToken.Value)),
                ("of that without it", Units.Ratio(made.NextToken / serving.NextToken)),
            ]);
        }

        if (!serving.Fits)
            screen.Line("* the weights and this cache do not fit; the times are those of a device that holds them", Tone.Warning);
        if (question.Model.Flag is { } flag)
            screen.Line($"* {flag}", Tone.Warning);
    }

    static object Row(SpeculativeDecoding made) => new
    {
        Draft = made.Draft.Id,
        made.Proposed,
        made.TokensPerRound,
        DraftTokenSeconds = made.DraftToken.Value,
        VerifySeconds = made.Verify.Value,
        NextTokenSeconds = made.NextToken.Value,
    };
}
