using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooMemoryCommand() : ZooCommand(
    "memory", "Predict the memory of each device in data-parallel training, by ZeRO stage.",
    new("zoo memory llama3-8b", "Eight devices, each with one sequence of 1024 tokens."),
    new("zoo memory llama3-70b --devices 64 --sequence 8192 --recompute full --on h100", "Also the stages that an H100 holds."),
    new("zoo memory resnet50 --devices 1 --batch 256 --optimizer sgd", "On one device."))
{
    readonly Option<int> _sequence = WithDefault("--sequence", "Tokens of a sequence", "TOKENS", UsualSequence);
    readonly Option<int> _devices = WithDefault("--devices", "Data-parallel devices, across which ZeRO shards", "N", 8);
    readonly Option<Recompute> _recompute = new("--recompute") { Description = "Activations to recompute instead of keeping them" };
    readonly Option<Optimizer> _optimizer = new("--optimizer") { Description = "The optimizer, which keeps state for each parameter" };
    readonly Option<string?> _on = new("--on") { Description = "Also show whether this device holds it", HelpName = "DEVICE" };

    protected override IReadOnlyList<Symbol> Inputs => [ModelId, _devices, Batch, _sequence, DtypeName, _recompute, _optimizer, _on, Reference];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var reference = parse.GetValue(Reference);
        var model = ModelOf(parse);
        var question = new TrainingQuestion(reference ? model.Original : model)
        {
            Batch = parse.GetValue(Batch), Sequence = parse.GetValue(_sequence), Dtype = DtypeOf(parse),
            Recompute = parse.GetValue(_recompute), Optimizer = parse.GetValue(_optimizer), Devices = parse.GetValue(_devices),
            Rules = reference ? Rules.Reference : Rules.Ours,
        };
        var device = parse.GetValue(_on) is { } id ? Find(id, invocation) : null;
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
    readonly Argument<string> _device = OneValue("DEVICE", "A device of the zoo with a link to its peers");
    readonly Option<int> _devices = WithDefault("--devices", "Devices of a node", "N", 8);
    readonly Option<int> _nodes = WithDefault("--nodes", "Number of nodes", "N", 1);
    readonly Option<int> _microbatches = WithDefault("--microbatches", "Microbatches of a pipeline with a stage per device", "N", 32);
    readonly Option<double> _between = WithDefault("--between", "Bandwidth from one node to another", "GB/S", 50.0);
    readonly Option<double> _delay = WithDefault("--delay", "Latency of a message between devices", "US", 1.0);
    readonly Option<double> _betweenDelay = WithDefault("--between-delay", "Latency of a message between nodes", "US", 5.0);

    protected override IReadOnlyList<Symbol> Inputs =>
        [ModelId, _device, _devices, _nodes, Batch, DtypeName, _microbatches, _between, _delay, _betweenDelay];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var model = ModelOf(parse);
        var device = Find(parse.GetValue(_device)!, invocation);
        var network = Network.Of(device, parse.GetValue(_devices), parse.GetValue(_nodes), new(parse.GetValue(_between) * 1e9),
            new(parse.GetValue(_delay) * 1e-6), new(parse.GetValue(_betweenDelay) * 1e-6));
        var exchanges = Exchanges.Of(model, DtypeOf(parse), network, parse.GetValue(Batch));
        var bubble = Collectives.PipelineBubble(network.All, parse.GetValue(_microbatches));
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
