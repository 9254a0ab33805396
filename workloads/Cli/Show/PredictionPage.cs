using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Commands;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Show;

using Serving = MlPerfEdu.Zoo.Serving;

/// <summary>Everything that the zoo says about one model on one device.</summary>
sealed class PredictionPage(Question question, Zoo.Duration? within)
{
    readonly Model _model = question.Model;
    readonly Prediction _prediction = SingleNode.Solve(question);
    readonly Sensitivity _sensitivity = Sensitivity.Of(question);
    readonly Serving? _serving = question is { Context: > 0, Training: false } ? Serving.Solve(ServingOf(question)) : null;
    readonly TrainingMemory? _training = question.Training ? TrainingMemory.Of(TrainingOf(question)) : null;
    readonly Requirement? _required = within is { } limit ? Requirement.For(question, limit) : null;

    ByteCount? ExpertBytes => _model.Architecture == Architecture.SparseMoe
        ? ExpertTraffic.Bytes(_model, question.Dtype, question.Batch)
        : null;

    public object Document() => new
    {
        Model = _model.Id,
        Device = question.Device.Id,
        question.Batch,
        Dtype = question.Dtype.Name(),
        question.Context,
        question.Training,
        question.Rules,
        Prediction = PredictionRow.Of(_prediction),
        Sensitivity = new { _sensitivity.Compute, _sensitivity.Bandwidth, _sensitivity.Capacity, _sensitivity.Binding },
        Serving = _serving is { } serving ? ServingRow(serving) : null,
        TrainingMemory = _training is { } memory ? MemoryRow(memory) : null,
        ExpertTrafficBytes = ExpertBytes?.Value,
        Required = _required is { } required ? RequirementRow(required) : null,
    };

    public void Draw(Screen screen)
    {
        var training = question.Training ? ", training" : "";
        screen.Line($"{_model.Name} on {question.Device.Name}, batch {question.Batch}, {question.Dtype.Name()}{training}");
        Facts.Draw(screen, "Time",
        [
            ("computing", Units.Seconds(_prediction.Compute.Value)),
            ("moving", $"{Units.Seconds(_prediction.Memory.Value)} ({_prediction.Level.ToString().ToLowerInvariant()})"),
            ("starting", Units.Seconds(_prediction.Overhead.Value)),
            ("latency", Units.Seconds(_prediction.Latency.Value)),
            ("throughput", $"{Units.Si(_prediction.Throughput)}/s"),
            ("bottleneck", _prediction.IsDispatchBound ? "dispatch" : _prediction.Bottleneck.ToString().ToLowerInvariant()),
            ("a tenth more helps", _sensitivity.Binding is { } binding ? $"most of {binding}" : "of nothing"),
        ]);
        Facts.Draw(screen, "Use", Use());
        if (_serving is { } serving)
            Facts.Draw(screen, "Serving", Rows(serving));
        if (_training is { } memory)
            Facts.Draw(screen, "Memory of training", Rows(memory));
        if (within is { } limit)
            Facts.Draw(screen, $"To take {Units.Seconds(limit.Value)}", Required());
        foreach (var flag in new[] { _model.Flag, question.Device.Flag }.OfType<string>())
            screen.Line($"* {flag}", Tone.Warning);
    }

    IEnumerable<(string, string)> Use()
    {
        var assumed = _prediction.PeakIsAssumed ? " of a peak that nobody states for this dtype" : "";
        yield return ("intensity", $"{_prediction.Intensity.Value:0.###} FLOP/B (ridge {question.Device.Ridge(question.Dtype).Value:0.#})");
        yield return ("of the peak", $"{Units.Percent(_prediction.Mfu)}{assumed}");
        yield return ("energy", _prediction.Energy is { } energy ? Units.Si(energy.Value, "J") : Describe.None);
        yield return ("memory", $"{Bytes(_prediction.Footprint)} of {Bytes(question.Device.Capacity)}");
        yield return ("does not fit", _prediction.Fits ? Describe.None : Bytes(_prediction.Spill));
        if (ExpertBytes is { } bytes)
            yield return ("to and from experts", $"{Bytes(bytes)}, were each on its own device");
    }

    IEnumerable<(string, string)> Required()
    {
        if (_required is not { } required)
            return [("nothing", "starting alone takes longer")];
        return
        [
            ("peak", Units.Si(required.Peak.Value, "FLOP/s")),
            ("bandwidth", Units.Si(required.Bandwidth.Value, "B/s")),
            ("memory", Bytes(required.Capacity)),
        ];
    }

    static IEnumerable<(string, string)> Rows(Serving serving) =>
    [
        ("first token", Units.Seconds(serving.FirstToken.Value)),
        ("next token", Units.Seconds(serving.NextToken.Value)),
        ("cache or state", Bytes(serving.Cache)),
    ];

    static IEnumerable<(string, string)> Rows(TrainingMemory memory) =>
    [
        ("weights", Bytes(memory.Weights)),
        ("gradients", Bytes(memory.Gradients)),
        ("optimizer", Bytes(memory.Optimizer)),
        ("activations", Bytes(memory.Activations)),
        ("buffers", Bytes(memory.Buffers)),
    ];

    static string Bytes(ByteCount bytes) => Units.Si(bytes.Value, "B");

    static object ServingRow(Serving serving) => new
    {
        FirstTokenSeconds = serving.FirstToken.Value,
        NextTokenSeconds = serving.NextToken.Value,
        CacheBytes = serving.Cache.Value,
        WeightBytes = serving.Weights.Value,
        serving.Utilisation,
        serving.Fits,
    };

    static object RequirementRow(Requirement required) => new
    {
        PeakFlopPerSecond = required.Peak.Value,
        BandwidthBytesPerSecond = required.Bandwidth.Value,
        CapacityBytes = required.Capacity.Value,
    };

    static object MemoryRow(TrainingMemory memory) => new
    {
        WeightBytes = memory.Weights.Value,
        GradientBytes = memory.Gradients.Value,
        OptimizerBytes = memory.Optimizer.Value,
        ActivationBytes = memory.Activations.Value,
        BufferBytes = memory.Buffers.Value,
    };

    static ServingQuestion ServingOf(Question question) => new(question.Model, question.Device)
    {
        Batch = question.Batch,
        Dtype = question.Dtype,
        Prompt = question.Context,
        Rules = question.Rules,
    };

    static TrainingQuestion TrainingOf(Question question) => new(question.Model)
    {
        Batch = question.Batch,
        Dtype = question.Dtype,
        Sequence = Math.Max(question.Context, 1),
        Rules = question.Rules,
    };
}
