using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

using Serving = MlPerfEdu.Zoo.Serving;

sealed class ZooServeCommand() : ZooCommand(
    "serve", "Predict LLM serving: first and next token, KV cache, continuous batching, speculative decoding.",
    new("zoo serve llama3-8b h100", "Prompts of 2048 tokens, one at a time and as many as memory holds."),
    new("zoo serve llama3-8b h100 --prompt 8192 --cached 6144 --chunks 4", "Most of the prompt from the prefix cache, the rest prefilled in chunks."),
    new("zoo serve llama3-70b b200 --draft llama3-8b --acceptance 0.8", "With a draft model that proposes four tokens per round."),
    new("zoo serve mamba-2-8b h100 --batch 64 --json", "A state instead of a KV cache, for a script."))
{
    readonly Option<int> _prompt = WithDefault("--prompt", "Tokens of each prompt", "TOKENS", 2048);
    readonly Option<int> _cached = WithDefault("--cached", "Tokens of the prompt whose keys and values are cached", "TOKENS", 0);
    readonly Option<int> _chunks = WithDefault("--chunks", "Chunks in which a prompt is prefilled", "N", 1);
    readonly Option<int> _page = WithDefault("--page", "Tokens per page of the KV cache", "TOKENS", 16);
    readonly Option<int> _most = WithDefault("--most", "Limit of concurrent requests under continuous batching", "N", 256);
    readonly Option<string?> _draft = new("--draft") { Description = "A small draft model for speculative decoding", HelpName = "MODEL" };
    readonly Option<int> _proposed = WithDefault("--proposed", "Tokens that the draft model proposes per round", "N", 4);
    readonly Option<double> _acceptance = WithDefault("--acceptance", "Probability that a proposed token is accepted", "P", 0.7);

    protected override IReadOnlyList<Symbol> Inputs =>
        [ModelId, DeviceId, Batch, DtypeName, _prompt, _cached, _chunks, _page, _most, _draft, _proposed, _acceptance, Reference];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var (model, device, rules) = Entries(parse, ModelOf(parse), DeviceOf(parse, invocation));
        var question = new ServingQuestion(model, device)
        {
            Batch = parse.GetValue(Batch), Dtype = DtypeOf(parse), Prompt = parse.GetValue(_prompt), CachedPrefix = parse.GetValue(_cached),
            Chunks = parse.GetValue(_chunks), Page = parse.GetValue(_page), Rules = rules,
        };
        var serving = Serving.Solve(question);
        SpeculativeDecoding? speculative = parse.GetValue(_draft) is { } draft
            ? SpeculativeDecoding.Of(question, ModelZoo.BuiltIn[draft], parse.GetValue(_proposed), parse.GetValue(_acceptance))
            : null;
        var page = new ServingPage(question, serving, ContinuousBatching.Of(question, parse.GetValue(_most)), speculative);
        invocation.Answer(page.Document(), page.Draw);
        return ExitCode.Ok;
    }
}

sealed class ServingPage(ServingQuestion question, Serving serving, ContinuousBatching batching, SpeculativeDecoding? speculative)
{
    public object Document() => new
    {
        Model = question.Model.Id, Device = question.Device.Id, question.Batch, Dtype = question.Dtype.Name(),
        question.Prompt, question.CachedPrefix, question.Chunks, question.Page, question.Rules,
        FirstTokenSeconds = serving.FirstToken.Value, NextTokenSeconds = serving.NextToken.Value,
        WeightBytes = serving.Weights.Value, CacheBytes = serving.Cache.Value, PagingWaste = serving.Waste,
        serving.Utilisation, serving.Fits,
        ContinuousBatching = new { batching.Active, batching.TokensPerSecond },
        SpeculativeDecoding = speculative is { } made
            ? new
            {
                Draft = made.Draft.Id,
                made.Proposed,
                made.TokensPerRound,
                DraftTokenSeconds = made.DraftToken.Value,
                VerifySeconds = made.Verify.Value,
                NextTokenSeconds = made.NextToken.Value,
            }
            : null,
    };

    public void Draw(Screen screen)
    {
        var cached = question.CachedPrefix > 0 ? $", {question.CachedPrefix} of them cached" : "";
        var prompts = $"prompts of {question.Prompt} tokens{cached}";
        screen.Line($"{question.Model.Name} on {question.Device.Name}, {question.Dtype.Name()}, {prompts}");
        screen.Facts($"Batch {question.Batch}",
        [
            ("first token", Units.Seconds(serving.FirstToken.Value)),
            ("next token", $"{Units.Seconds(serving.NextToken.Value)} ({Units.Si(question.Batch / serving.NextToken.Value)} tokens/s)"),
            ("weights", Units.Si(serving.Weights.Value, "B")),
            ("cache or state", $"{Units.Si(serving.Cache.Value, "B")}, {Units.Percent(serving.Waste)} of its pages unused"),
            ("memory", $"{Units.Percent(serving.Utilisation)} of {Units.Si(question.Device.Capacity.Value, "B")}"),
        ]);
        screen.Facts("Continuous batching", batching.Active > 0
            ? [("concurrent requests", $"{batching.Active}"), ("throughput", $"{Units.Si(batching.TokensPerSecond)} tokens/s")]
            : [("concurrent requests", "none: the weights leave no memory for one")]);
        if (speculative is { } made)
        {
            screen.Facts($"Speculative decoding with {made.Draft.Name}",
            [
                ("proposing", $"{made.Proposed} × {Units.Seconds(made.DraftToken.Value)}"),
                ("verifying", Units.Seconds(made.Verify.Value)),
                ("tokens per round", $"{made.TokensPerRound:0.##}"),
                ("next token", Units.Seconds(made.NextToken.Value)),
                ("of plain decoding", Units.Ratio(made.NextToken / serving.NextToken)),
            ]);
        }
        if (!serving.Fits)
            screen.Line("* the weights and this cache do not fit; the times are those of a device with enough memory", Tone.Warning);
        if (question.Model.Flag is { } flag)
            screen.Line($"* {flag}", Tone.Warning);
    }
}
