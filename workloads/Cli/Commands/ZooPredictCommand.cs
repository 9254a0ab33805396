using System.CommandLine;
using MlPerfEdu.Workloads.Cli.Show;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooPredictCommand : CliCommand
{
    readonly Argument<string> _model = OneValue("MODEL", "A model of the zoo");
    readonly Argument<string> _device = OneValue("DEVICE", "A device of the zoo, or this-machine");
    readonly Option<double?> _within = new("--within") { Description = "Also what a device would need to take this long", HelpName = "MS" };
    readonly ZooOptions _options = new();

    public ZooPredictCommand()
        : base("predict", "Predict what one batch of a model takes on a device, and why.",
            new("zoo predict resnet50 a100 --batch 32", "Latency, bottleneck, throughput and energy of inference."),
            new("zoo predict llama3-8b h100 --context 2048", "One token after 2048 others, and the time to the first."),
            new("zoo predict llama3-8b h100 --within 2", "And the peak and bandwidth that 2 ms would take."),
            new("zoo predict resnet50 this-machine --dtype fp32", "Here, from measured peaks."),
            new("zoo predict llama3-8b h100 --train --batch 8 --reference", "A training step, by the formulas of MLSys·im."))
    {
        Add(_model);
        Add(_device);
        Add(_within);
        _options.AddTo(this);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var model = ModelZoo.BuiltIn[parse.GetValue(_model)!];
        var question = _options.Question(parse, model, ZooDevices.Find(session, parse.GetValue(_device)!));
        Duration? within = parse.GetValue(_within) is { } limit ? Duration.FromMilliseconds(limit) : null;
        var page = new PredictionPage(question, within);
        session.Answer(page.Document(), page.Draw);
        return ExitCode.Ok;
    }
}
