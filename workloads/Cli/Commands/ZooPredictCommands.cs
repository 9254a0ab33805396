using MlPerfEdu.Roofline.Count;
using static MlPerfEdu.Cli.Commands.ZooCommand;

namespace MlPerfEdu.Cli.Commands;


sealed class ZooPredictCommand() : ZooCommand(
    "predict", "Predict how long one batch of a model takes on a device, and what limits it.",
    new("zoo predict resnet50 a100 --batch 32", "Latency, bottleneck, throughput and energy of inference."),
    new("zoo predict llama3-8b h100 --context 2048", "One token after 2048 others, and the time to the first."),
    new("zoo predict llama3-8b h100 --within 2", "Also the peak and bandwidth needed for a latency of 2 ms."),
    new("zoo predict resnet50 this-machine --dtype fp32", "Here, from measured peaks."),
    new("zoo predict llama3-8b h100 --train --batch 8 --reference", "A training step, by the formulas of MLSys·im."))
{
    readonly Option<double?> within = NumberAbove0(new("--within") { Description = "Also show the peak and bandwidth needed for this latency", HelpName = "MS" }, "milliseconds");

    protected override IReadOnlyList<Symbol> Inputs => [ModelId, DeviceId, within, Batch, DtypeName, Context, Train, Reference];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var question = Question(parse, ModelOf(parse), DeviceOf(parse, invocation));
        Zoo.Duration? within = parse.GetValue(this.within) is { } limit ? Zoo.Duration.FromMilliseconds(limit) : null;
        var page = new PredictionPage(question, within);
        invocation.Answer(page.Document(), page.Draw);
        return ExitCode.Ok;
    }
}

sealed class PredictionPage(Question question, Zoo.Duration? within)
{
    readonly Model model = question.Model;
    readonly Prediction prediction = SingleNode.Solve(question);
    readonly Sensitivity sensitivity = Sensitivity.Of(question);
    readonly Zoo.Serving? serving = question is { Context: > 0, Training: false } ? Zoo.Serving.Solve(ServingOf(question)) : null;
    readonly TrainingMemory? training = question.Training ? TrainingMemory.Of(TrainingOf(question)) : null;
    readonly Requirement? required = within is { } limit ? Requirement.For(question, limit) : null;

    ByteCount? ExpertBytes => model.Architecture == Architecture.SparseMoe
        ? ExpertTraffic.Bytes(model, question.Dtype, question.Batch)
        : null;

    public object Document() => new
    {
        Model = model.Id, Device = question.Device.Id, question.Batch, Dtype = question.Dtype.Name(),
        question.Context, question.Training, question.Rules, Prediction = RowOf(prediction),
        Sensitivity = new { sensitivity.Compute, sensitivity.Bandwidth, sensitivity.Capacity, sensitivity.Binding },
        Serving = this.serving is { } serving
            ? new
            {
                FirstTokenSeconds = serving.FirstToken.Value, NextTokenSeconds = serving.NextToken.Value,
                CacheBytes = serving.Cache.Value, WeightBytes = serving.Weights.Value, serving.Utilisation, serving.Fits,
            }
            : null,
        TrainingMemory = training is { } memory
            ? new
            {
                WeightBytes = memory.Weights.Value, GradientBytes = memory.Gradients.Value,
                OptimizerBytes = memory.Optimizer.Value, ActivationBytes = memory.Activations.Value,
                BufferBytes = memory.Buffers.Value,
            }
            : null,
        ExpertTrafficBytes = ExpertBytes?.Value,
        Required = this.required is { } required
            ? new
            {
                PeakFlopPerSecond = required.Peak.Value, BandwidthBytesPerSecond = required.Bandwidth.Value,
                CapacityBytes = required.Capacity.Value,
            }
            : null,
    };

    public void Draw(Screen screen)
    {
        var training = question.Training ? ", training" : "";
        screen.Line($"{model.Name} on {question.Device.Name}, batch {question.Batch}, {question.Dtype.Name()}{training}");
        screen.Facts("Time",
        [
            ("computing", Units.Seconds(prediction.Compute.Value)),
            ("moving", $"{Units.Seconds(prediction.Memory.Value)} ({Word(prediction.Level)})"),
            ("dispatching", Units.Seconds(prediction.Overhead.Value)),
            ("latency", Units.Seconds(prediction.Latency.Value)),
            ("throughput", Units.Rate(prediction.Throughput, "inputs")),
            ("bottleneck", BottleneckOf(prediction)),
            ("10 % more helps", sensitivity.Binding is { } binding ? $"most with {binding}" : "with nothing"),
        ]);
        screen.Facts("Use", Use());
        if (this.serving is { } serving)
        {
            screen.Facts("Serving",
            [
                ("first token", Units.Seconds(serving.FirstToken.Value)),
                ("next token", Units.Seconds(serving.NextToken.Value)),
                ("cache or state", Bytes(serving.Cache)),
            ]);
        }
        if (this.training is { } memory)
        {
            screen.Facts("Training memory",
            [
                ("weights", Bytes(memory.Weights)),
                ("gradients", Bytes(memory.Gradients)),
                ("optimizer", Bytes(memory.Optimizer)),
                ("activations", Bytes(memory.Activations)),
                ("buffers", Bytes(memory.Buffers)),
            ]);
        }
        if (within is { } limit)
            screen.Facts($"Needed for {Units.Seconds(limit.Value)}", Required());
        foreach (var flag in new[] { model.Flag, question.Device.Flag }.OfType<string>())
            screen.Line($"* {flag}", Tone.Warning);
    }

    IEnumerable<(string, string?)> Use() =>
    [
        ("intensity", $"{prediction.Intensity.Value:0.###} FLOP/B (ridge {question.Device.Ridge(question.Dtype).Value:0.#})"),
        ("MFU", Units.Percent(prediction.Mfu) + (prediction.PeakIsAssumed ? ", of an assumed peak: none is published for this dtype" : "")),
        ("energy", prediction.Energy is { } energy ? Units.Si(energy.Value, "J") : Describe.None),
        ("memory", $"{Bytes(prediction.Footprint)} of {Bytes(question.Device.Capacity)}"),
        ("does not fit", prediction.Fits ? Describe.None : Bytes(prediction.Spill)),
        ("to and from experts", ExpertBytes is { } bytes ? $"{Bytes(bytes)}, if each were on its own device" : null),
    ];

    IEnumerable<(string, string?)> Required() => this.required is not { } required
        ? [("nothing", "dispatching alone takes longer")]
        :
        [
            ("peak", Units.Si(required.Peak.Value, "FLOP/s")),
            ("bandwidth", Units.Si(required.Bandwidth.Value, "B/s")),
            ("memory", Bytes(required.Capacity)),
        ];

    static ServingQuestion ServingOf(Question question) => new(question.Model, question.Device)
        { Batch = question.Batch, Dtype = question.Dtype, Prompt = question.Context, Rules = question.Rules };

    static TrainingQuestion TrainingOf(Question question) => new(question.Model)
        { Batch = question.Batch, Dtype = question.Dtype, Sequence = Math.Max(question.Context, 1), Rules = question.Rules };
}

sealed class ZooSweepCommand() : ZooCommand(
    "sweep", "Predict a model over batch sizes, over context lengths or over all devices, with a plot.",
    new("zoo sweep resnet50 a100", "Batches of 1 to 8192."),
    new("zoo sweep mamba-2-8b h100 --over context", "Contexts of 1 to 8192 tokens."),
    new("zoo sweep mixtral-8x7b", "All devices."))
{
    const int Doublings = 14;

    readonly Argument<string?> device = new("DEVICE")
        { Description = "A device of the zoo, or this-machine; by default all devices of the zoo", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> over =
        WithDefault("--over", "The variable on one device: batch or context", "WHAT", "batch").AcceptOnlyFromAmong("batch", "context");

    protected override IReadOnlyList<Symbol> Inputs => [ModelId, device, over, Batch, DtypeName, Context, Train, Reference];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var model = ModelOf(parse);
        var device = parse.GetValue(this.device);
        var over = device is null ? "device" : parse.GetValue(this.over)!;
        List<Point> points = [.. device is null ? Devices(parse, model) : Doubled(parse, model, Find(device, invocation), over)];
        var rows = points.Select(point => new { point.At, Prediction = RowOf(point.Prediction) });
        invocation.Answer(new { Model = model.Id, Over = over, Points = rows }, screen => Draw(screen, over, points));
        return ExitCode.Ok;
    }

    IEnumerable<Point> Doubled(ParseResult parse, Model model, Device device, string over)
    {
        var question = Question(parse, model, device);
        return from doubling in Enumerable.Range(0, Doublings)
            let value = 1 << doubling
            let changed = over == "batch" ? question with { Batch = value } : question with { Context = value }
            select new Point($"{value}", SingleNode.Solve(changed));
    }

    IEnumerable<Point> Devices(ParseResult parse, Model model) =>
        from device in SiliconZoo.BuiltIn.Devices
        let prediction = SingleNode.Solve(Question(parse, model, device))
        orderby prediction.Latency.Value
        select new Point(device.Id, prediction);

    static void Draw(Screen screen, string over, List<Point> points)
    {
        var bar = Bar.For(points.Select(point => point.Prediction.Latency.Value));
        screen.Table(
            [over == "device" ? over : $">{over}", ">latency", ">per second", "bottleneck", "fits", "latency, logarithmic"], points,
            point =>
            [
                point.At, Units.Seconds(point.Prediction.Latency.Value), Units.Rate(point.Prediction.Throughput),
                BottleneckOf(point.Prediction), point.Prediction.Fits ? "yes" : new Cell("no", Tone.Warning),
                bar(point.Prediction.Latency.Value),
            ]);
    }

    sealed record Point(string At, Prediction Prediction);
}

sealed class ZooCompareCommand() : ZooCommand(
    "compare", "Predict the step of every measured workload from its counts, and compare it with the measurement.",
    new Example("zoo compare", "From the newest evidence of each workload; each is predicted with constants fitted to the others."))
{
    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var steps = TimedSteps.Newest(invocation);
        foreach (var entry in invocation.Catalog.Workloads.Where(entry => steps.All(step => step.Id != entry.Id)))
            invocation.Remark($"no measured evidence of {entry.Id}; `mlperfedu run {entry.Id}` makes some.");

        var comparison = StepComparison.Of(steps);
        invocation.Answer(
            new
            {
                Workloads = comparison.Steps.Select(RowOf), MedianErrorBefore = comparison.MedianBefore,
                MedianErrorAfter = comparison.MedianAfter, Fitted = Row(comparison.FittedToAll),
            },
            screen => Draw(screen, comparison));
        return ExitCode.Ok;
    }

    static object RowOf(ComparedStep compared) => new
    {
        compared.Step.Id, MeasuredSeconds = compared.Step.Time.Value, PredictedSecondsBefore = compared.Before.Value,
        PredictedSecondsAfter = compared.After.Value, compared.ErrorBefore, compared.ErrorAfter, compared.Longest,
        compared.Explains, FittedToOthers = Row(compared.HeldOut),
    };

    static object Row(StepHeuristics fitted) => new { fitted.Efficiency, fitted.Traffic, SecondsPerCall = fitted.PerCall.Value };

    static void Draw(Screen screen, StepComparison comparison)
    {
        var bar = Bar.For(comparison.Steps.SelectMany(step => new[] { step.Step.Time.Value, step.After.Value }));
        var grid = new Grid("workload", ">measured", ">before", ">ratio", ">held out", ">ratio", "longest term", "error in",
            "measured (#) and predicted (+), logarithmic");
        foreach (var compared in comparison.Steps)
        {
            var (measured, before, after) = (compared.Step.Time, compared.Before, compared.After);
            grid.Add(compared.Step.Id, Units.Seconds(measured.Value), Units.Seconds(before.Value), Units.Ratio(before / measured),
                Units.Seconds(after.Value), Units.Ratio(after / measured), Word(compared.Longest), Word(compared.Explains),
                bar(measured.Value));
            grid.Add("", "", "", "", "", "", "", "", bar(after.Value).Replace('#', '+'));
        }
        screen.Table(grid);
        if (comparison is not { MedianBefore: { } usual, MedianAfter: { } heldOut })
            return;
        var fitted = comparison.FittedToAll;
        screen.Line($"median error {Units.Percent(usual)} before fitting, {Units.Percent(heldOut)} on workloads the fit has not seen");
        screen.Line($"fitted to all: efficiency {Units.Percent(fitted.Efficiency)}, {Units.Ratio(fitted.Traffic)} of the counted bytes, " +
            $"{Units.Seconds(fitted.PerCall.Value)} per call");
    }
}

/// <summary>Evidence as the zoo wants it: counts, the median step, and the machine while it ran.</summary>
static class TimedSteps
{
    /// <summary>Steps that shared their cores with others most of the time say little of the machine alone.</summary>
    public static bool WereUndisturbed(EvidenceRecord record) =>
        record.Measurement.StepSeconds.Count > 0 && 2 * record.Measurement.Rounds.Count(round => round.Disturbed) <= record.Measurement.Rounds.Count;

    /// <summary>Of the newest evidence of each workload, undisturbed where there is one.</summary>
    public static IReadOnlyList<TimedStep> Newest(Invocation invocation) => Newest(invocation.Catalog, invocation.Evidence);

    static IReadOnlyList<TimedStep> Newest(WorkloadCatalog catalog, EvidenceStore store) =>
    [
        .. from entry in catalog.Workloads
            let evidence = store.Newest<EvidenceRecord>(entry.Id, WereUndisturbed)
                ?? store.Newest<EvidenceRecord>(entry.Id, record => Of(record) is not null)
            where evidence is not null
            select Of(evidence.Value.Record),
    ];

    public static TimedStep? Of(EvidenceRecord record)
    {
        if (record.Measurement.StepSeconds.Count == 0)
            return null;
        var calm = record.Measurement.Rounds.Where(round => !round.Disturbed).ToList();
        var rounds = calm.Count > 0 ? calm : record.Measurement.Rounds;
        var cached = record.Count.UniqueBytes <= record.Peaks.LastLevelCache.Bytes?.Low;
        return new(
            record.Workload.Id,
            StepPart.Merged(record.Count.Layers.SelectMany(Passes).Select(pass => new StepPart(new(pass.Flops), new(pass.Bytes)))),
            record.Count.OperatorCalls,
            new(Middle(calibration => calibration.GemmFlops)),
            new(Middle(calibration => cached ? calibration.CacheTriadBytes : calibration.MemoryTriadBytes)),
            new(Statistics.Median([.. rounds.SelectMany(round => round.StepSeconds)])));
        static Work[] Passes(LayerCount layer) => [layer.Forward, layer.DataGradient, layer.WeightGradient, layer.Optimizer];
        double Middle(Func<CalibrationSample, double> value) => Statistics.Median([.. rounds.Select(round => value(round.Calibration))]);
    }
}
