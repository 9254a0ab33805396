using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooPredictCommand : CliCommand
{
    readonly Argument<string> _model = OneValue("MODEL", "A model of the zoo");
    readonly Argument<string> _device = OneValue("DEVICE", "A device of the zoo, or this-machine");
    readonly ZooOptions _options = new();

    public ZooPredictCommand()
        : base("predict", "Predict what one batch of a model takes on a device, and why.",
            new("zoo predict resnet50 a100 --batch 32", "Latency, bottleneck, throughput and energy of inference."),
            new("zoo predict llama3-8b h100 --context 2048", "One token after 2048 others, and the time to the first."),
            new("zoo predict resnet50 this-machine --dtype fp32", "Here, from measured peaks."),
            new("zoo predict llama3-8b h100 --train --batch 8 --reference", "A training step, by the formulas of MLSys·im."))
    {
        Add(_model);
        Add(_device);
        _options.AddTo(this);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var question = _options.Question(parse, ModelZoo.BuiltIn[parse.GetValue(_model)!],
            ZooDevices.Find(session, parse.GetValue(_device)!));
        var prediction = SingleNode.Solve(question);
        var sensitivity = Sensitivity.Of(question);
        Serving? serving = question is { Context: > 0, Training: false } ? Serving.Solve(ServingOf(question)) : null;
        session.Answer(
            new
            {
                Model = question.Model.Id,
                Device = question.Device.Id,
                question.Batch,
                Dtype = question.Dtype.Name(),
                question.Context,
                question.Training,
                question.Rules,
                Prediction = PredictionRow.Of(prediction),
                Sensitivity = new { sensitivity.Compute, sensitivity.Bandwidth, sensitivity.Capacity, sensitivity.Binding },
                Serving = serving is { } answer ? ServingRow(answer) : null,
            },
            screen => Draw(screen, question, prediction, sensitivity, serving));
        return ExitCode.Ok;
    }

    static ServingQuestion ServingOf(Question question) =>
        new(question.Model, question.Device) { Batch = question.Batch, Dtype = question.Dtype, Prompt = question.Context,
        Rules = question.Rules };

    static object ServingRow(Serving serving) => new
    {
        FirstTokenSeconds = serving.FirstToken.Value,
        NextTokenSeconds = serving.NextToken.Value,
        CacheBytes = serving.Cache.Value,
        WeightBytes = serving.Weights.Value,
        serving.Utilisation,
        serving.Fits,
    };

    static void Draw(Screen screen, Question question, Prediction prediction, Sensitivity sensitivity, Serving? serving)
    {
        var training = question.Training ? ", training" : "";
        var assumed = prediction.PeakIsAssumed ? " of a peak that nobody states for this dtype" : "";
        screen.Line($"{question.Model.Name} on {question.Device.Name}, batch {question.Batch}, {question.Dtype.Name()}{training}");
        Facts.Draw(screen, "Time",
        [
            ("computing", Units.Seconds(prediction.Compute.Value)),
            ("moving", $"{Units.Seconds(prediction.Memory.Value)} ({prediction.Level.ToString().ToLowerInvariant()})"),
            ("starting", Units.Seconds(prediction.Overhead.Value)),
            ("latency", Units.Seconds(prediction.Latency.Value)),
            ("throughput", $"{Units.Si(prediction.Throughput)}/s"),
            ("bottleneck", prediction.IsDispatchBound ? "dispatch" : prediction.Bottleneck.ToString().ToLowerInvariant()),
            ("a tenth more helps", sensitivity.Binding is { } binding ? $"of {binding}, most" : "of nothing"),
        ]);
        Facts.Draw(screen, "Use",
        [
            ("intensity", $"{prediction.Intensity.Value:0.###} FLOP/B (ridge {question.Device.Ridge(question.Dtype).Value:0.#})"),
            ("of the peak", $"{Units.Percent(prediction.Mfu)}{assumed}"),
            ("energy", prediction.Energy is { } energy ? Units.Si(energy.Value, "J") : Describe.None),
            ("memory", $"{Units.Si(prediction.Footprint.Value, "B")} of {Units.Si(question.Device.Capacity.Value, "B")}"),
            ("does not fit", prediction.Fits ? Describe.None : Units.Si(prediction.Spill.Value, "B")),
        ]);
        if (serving is { } answer)
        {
            Facts.Draw(screen, "Serving",
            [
                ("first token", Units.Seconds(answer.FirstToken.Value)),
                ("next token", Units.Seconds(answer.NextToken.Value)),
                ("cache or state", Units.Si(answer.Cache.Value, "B")),
            ]);
        }

        foreach (var flag in new[] { question.Model.Flag, question.Device.Flag }.OfType<string>())
            screen.Line($"* {flag}", Tone.Warning);
    }
}
