using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

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

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var model = ModelZoo.BuiltIn[parse.GetValue(_model)!];
        var device = ZooDevices.Find(session, parse.GetValue(_device)!);
        var network = Network.Of(device, parse.GetValue(_devices), parse.GetValue(_nodes), new(parse.GetValue(_between) * 1e9),
            new(parse.GetValue(_delay) * 1e-6), new(parse.GetValue(_betweenDelay) * 1e-6));
        var exchanges = Exchanges.Of(model, _options.DtypeOf(parse), network, parse.GetValue(_options.Batch));
        var bubble = Collectives.PipelineBubble(network.All, parse.GetValue(_microbatches));
        session.Answer(
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
