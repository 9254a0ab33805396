using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooMemoryCommand : CliCommand
{
    readonly Argument<string> _model = OneValue("MODEL", "A model of the zoo");
    readonly ZooOptions _options = new();

    readonly Option<int> _sequence = new("--sequence")
    {
        Description = "Tokens of a sequence",
        HelpName = "TOKENS",
        DefaultValueFactory = _ => 1024,
    };

    readonly Option<int> _devices = new("--devices")
    {
        Description = "Devices that share the batch and what ZeRO divides",
        HelpName = "N",
        DefaultValueFactory = _ => 8,
    };

    readonly Option<Recompute> _recompute = new("--recompute") { Description = "What is computed again instead of kept" };
    readonly Option<Optimizer> _optimizer = new("--optimizer") { Description = "What keeps state for each parameter" };
    readonly Option<string?> _on = new("--on") { Description = "Also whether a device holds it", HelpName = "DEVICE" };

    public ZooMemoryCommand()
        : base("memory", "Predict what one of many devices holds while it trains a model, by ZeRO stage.",
            new("zoo memory llama3-8b", "Eight devices, each with one sequence of 1024 tokens."),
            new("zoo memory llama3-70b --devices 64 --sequence 8192 --recompute full --on h100", "And which stage an H100 holds."),
            new("zoo memory resnet50 --devices 1 --batch 256 --optimizer sgd", "On one device."))
    {
        Add(_model);
        foreach (var option in new Option[]
            { _devices, _options.Batch, _sequence, _options.Dtype, _recompute, _optimizer, _on, _options.Reference })
            Add(option);
    }

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var reference = parse.GetValue(_options.Reference);
        var model = ModelZoo.BuiltIn[parse.GetValue(_model)!];
        var question = new TrainingQuestion(reference ? model.Original : model)
        {
            Batch = parse.GetValue(_options.Batch),
            Sequence = parse.GetValue(_sequence),
            Dtype = _options.DtypeOf(parse),
            Recompute = parse.GetValue(_recompute),
            Optimizer = parse.GetValue(_optimizer),
            Devices = parse.GetValue(_devices),
            Rules = reference ? Rules.Reference : Rules.Ours,
        };
        var device = parse.GetValue(_on) is { } id ? ZooDevices.Find(invocation, id) : null;
        List<Stage> stages = [.. from zero in Enum.GetValues<ZeroStage>()
            select new Stage(zero, TrainingMemory.Of(question with { Zero = zero }), device)];
        invocation.Answer(
            new { Model = model.Id, question.Devices, Device = device?.Id, Stages = stages.Select(RowOf) },
            screen => Draw(screen, stages, model));
        return ExitCode.Ok;
    }

    static object RowOf(Stage stage) => new
    {
        stage.Zero,
        WeightBytes = stage.Memory.Weights.Value,
        GradientBytes = stage.Memory.Gradients.Value,
        OptimizerBytes = stage.Memory.Optimizer.Value,
        ActivationBytes = stage.Memory.Activations.Value,
        BufferBytes = stage.Memory.Buffers.Value,
        TotalBytes = stage.Memory.Total.Value,
        stage.Fits,
    };

    static void Draw(Screen screen, List<Stage> stages, Model model)
    {
        var grid = new Grid("ZeRO divides", ">weights", ">gradients", ">optimizer", ">activations", ">buffers", ">total", "fits");
        foreach (var stage in stages)
        {
            var memory = stage.Memory;
            grid.Add(Divided(stage.Zero), Bytes(memory.Weights), Bytes(memory.Gradients), Bytes(memory.Optimizer),
                Bytes(memory.Activations), Bytes(memory.Buffers), Bytes(memory.Total), Answer(stage.Fits));
        }

        screen.Table(grid);
        if (model.Flag is { } flag)
            screen.Line($"* {flag}", Tone.Warning);
    }

    static string Divided(ZeroStage stage) => stage switch
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

    static string Bytes(ByteCount bytes) => Units.Si(bytes.Value, "B");

    sealed record Stage(ZeroStage Zero, TrainingMemory Memory, Device? Device)
    {
        public bool? Fits => Device is null ? null : Memory.Total <= Device.Capacity;
    }
}

sealed class ZooCollectivesCommand : CliCommand
{
    readonly Argument<string> _model = OneValue("MODEL", "A model of the zoo");
    readonly Argument<string> _device = OneValue("DEVICE", "A device of the zoo with a link to its peers");
    readonly ZooOptions _options = new();
    readonly Option<int> _devices = Count("--devices", "Devices of a node", 8);
    readonly Option<int> _nodes = Count("--nodes", "Nodes of so many devices", 1);
    readonly Option<int> _microbatches = Count("--microbatches", "Of a pipeline with a stage per device", 32);
    readonly Option<double> _between = Number("--between", "Bandwidth from one node to another", "GB/S", 50);
    readonly Option<double> _delay = Number("--delay", "Of each message between devices", "US", 1);
    readonly Option<double> _betweenDelay = Number("--between-delay", "Of each message between nodes", "US", 5);

    public ZooCollectivesCommand()
        : base("collectives", "Predict what many devices spend on exchanging gradients, weights and tokens of a model.",
            new("zoo collectives llama3-8b h100", "Eight devices of one node."),
            new("zoo collectives llama3-70b h100 --nodes 16 --between 50", "128 devices: within the nodes, then between them."),
            new("zoo collectives mixtral-8x7b h100 --batch 4096", "And the tokens that travel to their experts."))
    {
        Add(_model);
        Add(_device);
        foreach (var option in new Option[]
            { _devices, _nodes, _options.Batch, _options.Dtype, _microbatches, _between, _delay, _betweenDelay })
            Add(option);
    }

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var model = ModelZoo.BuiltIn[parse.GetValue(_model)!];
        var device = ZooDevices.Find(invocation, parse.GetValue(_device)!);
        var network = Network.Of(device, parse.GetValue(_devices), parse.GetValue(_nodes), new(parse.GetValue(_between) * 1e9),
            new(parse.GetValue(_delay) * 1e-6), new(parse.GetValue(_betweenDelay) * 1e-6));
        var exchanges = Exchanges.Of(model, _options.DtypeOf(parse), network, parse.GetValue(_options.Batch));
        var bubble = Collectives.PipelineBubble(network.All, parse.GetValue(_microbatches));
        invocation.Answer(
            new
            {
                Model = model.Id,
                Device = device.Id,
                network.Devices,
                network.Nodes,
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
        var bar = new Bar(exchanges.Select(exchange => exchange.Time.Value));
        var grid = new Grid("operation", "for", ">bytes", ">time", "time, logarithmic");
        foreach (var exchange in exchanges)
        {
            grid.Add(exchange.Name, exchange.Purpose, Units.Si(exchange.Bytes.Value, "B"), Units.Seconds(exchange.Time.Value),
                bar.Of(exchange.Time.Value));
        }

        screen.Table(grid);
        screen.Line($"a pipeline of {network.All} stages waits {Units.Percent(bubble)} of its time");
    }

    static Option<int> Count(string name, string description, int usual) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };

    static Option<double> Number(string name, string description, string unit, double usual) =>
        new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual };
}
