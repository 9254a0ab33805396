namespace MlPerfEdu.Cli.Commands;


sealed class ZooServeCommand() : ZooCommand(
    "serve", "Predict LLM serving: first and next token, KV cache, continuous batching, speculative decoding.",
    new("zoo serve llama3-8b h100", "Prompts of 2048 tokens, one at a time and as many as memory holds."),
    new("zoo serve llama3-8b h100 --prompt 8192 --cached 6144 --chunks 4", "Most of the prompt from the prefix cache, the rest prefilled in chunks."),
    new("zoo serve llama3-70b b200 --draft llama3-8b --acceptance 0.8", "With a draft model that proposes four tokens per round."),
    new("zoo serve mamba-2-8b h100 --batch 64 --json", "A state instead of a KV cache, for a script."))
{
    readonly Option<int> prompt = WithDefault("--prompt", "Tokens of each prompt", "TOKENS", 2048);
    readonly Option<int> cached = WithDefault("--cached", "Tokens of the prompt whose keys and values are cached", "TOKENS", 0);
    readonly Option<int> chunks = WithDefault("--chunks", "Chunks in which a prompt is prefilled", "N", 1);
    readonly Option<int> page = WithDefault("--page", "Tokens per page of the KV cache", "TOKENS", 16);
    readonly Option<int> most = WithDefault("--most", "Limit of concurrent requests under continuous batching", "N", 256);
    readonly Option<string?> draft = new("--draft") { Description = "A small draft model for speculative decoding", HelpName = "MODEL" };
    readonly Option<int> proposed = WithDefault("--proposed", "Tokens that the draft model proposes per round", "N", 4);
    readonly Option<double> acceptance = WithDefault("--acceptance", "Probability that a proposed token is accepted", "P", 0.7);

    protected override IReadOnlyList<Symbol> Inputs =>
        [ModelId, DeviceId, Batch, DtypeName, prompt, cached, chunks, page, most, draft, proposed, acceptance, Reference];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var (model, device, rules) = Entries(parse, ModelOf(parse), DeviceOf(parse, invocation));
        var question = new ServingQuestion(model, device)
        {
            Batch = parse.GetValue(Batch), Dtype = DtypeOf(parse), Prompt = parse.GetValue(prompt), CachedPrefix = parse.GetValue(cached),
            Chunks = parse.GetValue(chunks), Page = parse.GetValue(this.page), Rules = rules,
        };
        var serving = Zoo.Serving.Solve(question);
        SpeculativeDecoding? speculative = parse.GetValue(this.draft) is { } draft
            ? SpeculativeDecoding.Of(question, ModelZoo.BuiltIn[draft], parse.GetValue(proposed), parse.GetValue(acceptance))
            : null;
        var page = new ServingPage(question, serving, ContinuousBatching.Of(question, parse.GetValue(most)), speculative);
        invocation.Answer(page.Document(), page.Draw);
        return ExitCode.Ok;
    }
}

sealed class ServingPage(ServingQuestion question, Zoo.Serving serving, ContinuousBatching batching, SpeculativeDecoding? speculative)
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
                Draft = made.Draft.Id, made.Proposed, made.TokensPerRound, DraftTokenSeconds = made.DraftToken.Value,
                VerifySeconds = made.Verify.Value, NextTokenSeconds = made.NextToken.Value,
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
            ("next token", $"{Units.Seconds(serving.NextToken.Value)} ({Units.Rate(question.Batch / serving.NextToken.Value, "tokens")})"),
            ("weights", Units.Si(serving.Weights.Value, "B")),
            ("cache or state", $"{Units.Si(serving.Cache.Value, "B")}, {Units.Percent(serving.Waste)} of its pages unused"),
            ("memory", $"{Units.Percent(serving.Utilisation)} of {Units.Si(question.Device.Capacity.Value, "B")}"),
        ]);
        screen.Facts("Continuous batching", batching.Active > 0
            ? [("concurrent requests", $"{batching.Active}"), ("throughput", Units.Rate(batching.TokensPerSecond, "tokens"))]
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

sealed class ZooMemoryCommand() : ZooCommand(
    "memory", "Predict the memory of each device in data-parallel training, by ZeRO stage.",
    new("zoo memory llama3-8b", "Eight devices, each with one sequence of 1024 tokens."),
    new("zoo memory llama3-70b --devices 64 --sequence 8192 --recompute full --on h100", "Also the stages that an H100 holds."),
    new("zoo memory resnet50 --devices 1 --batch 256 --optimizer sgd", "On one device."))
{
    readonly Option<int> sequence = WithDefault("--sequence", "Tokens of a sequence", "TOKENS", UsualSequence);
    readonly Option<int> devices = WithDefault("--devices", "Data-parallel devices, across which ZeRO shards", "N", 8);
    readonly Option<Recompute> recompute = new("--recompute") { Description = "Activations to recompute instead of keeping them" };
    readonly Option<Optimizer> optimizer = new("--optimizer") { Description = "The optimizer, which keeps state for each parameter" };
    readonly Option<string?> on = new("--on") { Description = "Also show whether this device holds it", HelpName = "DEVICE" };

    protected override IReadOnlyList<Symbol> Inputs => [ModelId, devices, Batch, sequence, DtypeName, recompute, optimizer, on, Reference];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var reference = parse.GetValue(Reference);
        var model = ModelOf(parse);
        var question = new TrainingQuestion(reference ? model.Original : model)
        {
            Batch = parse.GetValue(Batch), Sequence = parse.GetValue(sequence), Dtype = DtypeOf(parse),
            Recompute = parse.GetValue(recompute), Optimizer = parse.GetValue(optimizer), Devices = parse.GetValue(devices),
            Rules = reference ? Rules.Reference : Rules.Ours,
        };
        var device = parse.GetValue(on) is { } id ? Find(id, invocation) : null;
        List<Stage> stages = [.. from zero in Enum.GetValues<ZeroStage>()
            select new Stage(zero, TrainingMemory.Of(question with { Zero = zero }), device)];
        invocation.Answer(
            new { Model = model.Id, question.Devices, Device = device?.Id, Stages = stages.Select(RowOf) },
            screen => Draw(screen, stages, model));
        return ExitCode.Ok;
    }

    static object RowOf(Stage stage) => new
    {
        stage.Zero, WeightBytes = stage.Memory.Weights.Value, GradientBytes = stage.Memory.Gradients.Value,
        OptimizerBytes = stage.Memory.Optimizer.Value, ActivationBytes = stage.Memory.Activations.Value,
        BufferBytes = stage.Memory.Buffers.Value, TotalBytes = stage.Memory.Total.Value, stage.Fits,
    };

    static void Draw(Screen screen, List<Stage> stages, Model model)
    {
        screen.Table(
            ["ZeRO shards", ">weights", ">gradients", ">optimizer", ">activations", ">buffers", ">total", "fits"], stages,
            stage =>
            [
                Sharded(stage.Zero), Bytes(stage.Memory.Weights), Bytes(stage.Memory.Gradients), Bytes(stage.Memory.Optimizer),
                Bytes(stage.Memory.Activations), Bytes(stage.Memory.Buffers), Bytes(stage.Memory.Total), Answer(stage.Fits),
            ]);
        if (model.Flag is { } flag)
            screen.Line($"* {flag}", Tone.Warning);
    }

    static string Sharded(ZeroStage stage) => stage switch
    {
        ZeroStage.None => "nothing",
        ZeroStage.Optimizer => "1: optimizer",
        ZeroStage.Gradients => "2: and gradients",
        _ => "3: and weights",
    };

    static Cell Answer(bool? fits) => fits switch
    {
        null => "",
        true => "yes",
        false => new Cell("no", Tone.Warning),
    };

    sealed record Stage(ZeroStage Zero, TrainingMemory Memory, Device? Device)
    {
        public bool? Fits => Device is null ? null : Memory.Total <= Device.Capacity;
    }
}

sealed class ZooCollectivesCommand() : ZooCommand(
    "collectives", "Predict the collectives of a model on many devices: gradients, weights and tokens that they exchange.",
    new("zoo collectives llama3-8b h100", "Eight devices of one node."),
    new("zoo collectives llama3-70b h100 --nodes 16 --between 50", "128 devices: within the nodes, then between them."),
    new("zoo collectives mixtral-8x7b h100 --batch 4096", "Also the tokens that are routed to their experts."))
{
    readonly Argument<string> device = OneValue("DEVICE", "A device of the zoo with a link to its peers");
    readonly Option<int> devices = WithDefault("--devices", "Devices of a node", "N", 8);
    readonly Option<int> nodes = WithDefault("--nodes", "Number of nodes", "N", 1);
    readonly Option<int> microbatches = WithDefault("--microbatches", "Microbatches of a pipeline with a stage per device", "N", 32);
    readonly Option<double> between = WithDefault("--between", "Bandwidth from one node to another", "GB/S", 50.0);
    readonly Option<double> delay = WithDefault("--delay", "Latency of a message between devices", "US", 1.0);
    readonly Option<double> betweenDelay = WithDefault("--between-delay", "Latency of a message between nodes", "US", 5.0);

    protected override IReadOnlyList<Symbol> Inputs =>
        [ModelId, device, devices, nodes, Batch, DtypeName, microbatches, between, delay, betweenDelay];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var model = ModelOf(parse);
        var device = Find(parse.GetValue(this.device)!, invocation);
        var network = Network.Of(device, parse.GetValue(devices), parse.GetValue(nodes), new(parse.GetValue(between) * 1e9),
            new(parse.GetValue(delay) * 1e-6), new(parse.GetValue(betweenDelay) * 1e-6));
        var exchanges = Exchanges.Of(model, DtypeOf(parse), network, parse.GetValue(Batch));
        var bubble = Collectives.PipelineBubble(network.All, parse.GetValue(microbatches));
        invocation.Answer(
            new
            {
                Model = model.Id, Device = device.Id, network.Devices, network.Nodes,
                Exchanges = exchanges.Select(exchange => new
                {
                    exchange.Name,
                    exchange.Purpose,
                    Bytes = exchange.Bytes.Value,
                    Seconds = exchange.Time.Value,
                }),
                PipelineBubble = bubble,
            },
            screen => Draw(screen, exchanges, network, bubble));
        return ExitCode.Ok;
    }

    static void Draw(Screen screen, IReadOnlyList<Exchange> exchanges, Network network, double bubble)
    {
        var bar = Bar.For(exchanges.Select(exchange => exchange.Time.Value));
        screen.Table(
            ["operation", "for", ">bytes", ">time", "time, logarithmic"], exchanges,
            exchange =>
            [
                exchange.Name, exchange.Purpose, Bytes(exchange.Bytes), Units.Seconds(exchange.Time.Value), bar(exchange.Time.Value),
            ]);
        screen.Line($"a pipeline of {network.All} stages idles {Units.Percent(bubble)} of its time");
    }
}
