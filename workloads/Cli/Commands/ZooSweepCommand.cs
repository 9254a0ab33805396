using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooSweepCommand : CliCommand
{
    const int Doublings = 14;

    readonly Argument<string> _model = OneValue("MODEL", "A model of the zoo");
    readonly Argument<string?> _device = new("DEVICE")
    {
        Description = "A device of the zoo, or this-machine; without one, all of the zoo",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string> _over = new("--over")
    {
        Description = "What changes on one device: batch or context",
        HelpName = "WHAT",
        DefaultValueFactory = _ => "batch",
    };

    readonly ZooOptions _options = new();

    public ZooSweepCommand()
        : base("sweep", "Predict a model over batches, over contexts or over all devices, with a plot.",
            new("zoo sweep resnet50 a100", "Batches of 1 to 8192."),
            new("zoo sweep mamba-2-8b h100 --over context", "Contexts of 1 to 8192 tokens."),
            new("zoo sweep mixtral-8x7b", "All devices."))
    {
        _over.AcceptOnlyFromAmong("batch", "context");
        Add(_model);
        Add(_device);
        Add(_over);
        _options.AddTo(this);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var model = ModelZoo.BuiltIn[parse.GetValue(_model)!];
        var over = parse.GetValue(_device) is null ? "device" : parse.GetValue(_over)!;
        List<Point> points = [.. parse.GetValue(_device) is { } id ? Doubled(parse, model, ZooDevices.Find(session, id), over)
            : Devices(parse, model)];
        session.Answer(
            new { Model = model.Id, Over = over,
            Points = points.Select(point => new { point.At, Prediction = PredictionRow.Of(point.Prediction) }) },
            screen => Draw(screen, over, points));
        return ExitCode.Ok;
    }

    IEnumerable<Point> Doubled(ParseResult parse, Model model, Device device, string over)
    {
        var question = _options.Question(parse, model, device);
        return from doubling in Enumerable.Range(0, Doublings)
            let value = 1 << doubling
            let changed = over == "batch" ? question with { Batch = value } : question with { Context = value }
            select new Point($"{value}", SingleNode.Solve(changed));
    }

    IEnumerable<Point> Devices(ParseResult parse, Model model) =>
        from device in SiliconZoo.BuiltIn.Devices
        let prediction = SingleNode.Solve(_options.Question(parse, model, device))
        orderby prediction.Latency.Value
        select new Point(device.Id, prediction);

    static void Draw(Screen screen, string over, List<Point> points)
    {
        var bar = new Bar(points.Select(point => point.Prediction.Latency.Value));
        var grid = new Grid(over == "device" ? over : $">{over}", ">latency", ">per second", "bottleneck", "fits", "latency, logarithmic");
        foreach (var (at, prediction) in points)
        {
            grid.Add(at, Units.Seconds(prediction.Latency.Value), Units.Si(prediction.Throughput),
                prediction.IsDispatchBound ? "dispatch" : prediction.Bottleneck.ToString().ToLowerInvariant(),
                prediction.Fits ? "yes" : new Cell("no", Tone.Warning), bar.Of(prediction.Latency.Value));
        }

        screen.Table(grid);
    }

    sealed record Point(string At, Prediction Prediction);
}
