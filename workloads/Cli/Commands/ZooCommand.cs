namespace MlPerfEdu.Cli.Commands;

/// <summary>The inputs that the commands of the zoo share; each command adds those it uses.</summary>
abstract class ZooCommand(string name, string description, params IReadOnlyList<Example> examples) : CliCommand(name, description, examples)
{
    // A generating model in training needs a length; this one is usual.
    protected const int UsualSequence = 1024;

    const string ThisMachine = SiliconZoo.ThisMachine;

    protected Argument<string> ModelId { get; } = OneValue("MODEL", "A model of the zoo; `zoo models` lists them");
    protected Argument<string> DeviceId { get; } = OneValue("DEVICE", $"A device of the zoo, or {ThisMachine}; `zoo silicon` lists them");
    protected Option<int> Batch { get; } = WithDefault("--batch", "Batch size: inputs or sequences at a time", "N", 1);

    protected Option<string> DtypeName { get; } =
        WithDefault("--dtype", $"Number format of weights and activations: {string.Join(", ", Dtypes.Names)}", "NAME", Dtype.Fp16.Name());

    protected Option<int> Context { get; } =
        new("--context") { Description = "Context length: earlier tokens of each sequence; in training, the sequence length", HelpName = "TOKENS" };

    protected Option<bool> Train { get; } = new("--train") { Description = "Predict a training step with Adam instead of inference" };

    protected Option<bool> Reference { get; } =
        new("--reference") { Description = "Use the formulas and entries of MLSys·im, for comparison" };

    protected Model ModelOf(ParseResult parse) => ModelZoo.BuiltIn[parse.GetValue(ModelId)!];
    protected Device DeviceOf(ParseResult parse, Invocation invocation) => Find(parse.GetValue(DeviceId)!, invocation);
    protected static Device Find(string id, Invocation invocation) => id == ThisMachine ? Here(invocation) : SiliconZoo.BuiltIn[id];

    protected Dtype DtypeOf(ParseResult parse)
    {
        var name = parse.GetValue(DtypeName)!;
        return Dtypes.Find(name) ?? throw CliErrors.UnknownDtype(name, Dtypes.Names);
    }

    /// <summary>The entries and the formulas that <see cref="Reference"/> chooses.</summary>
    protected (Model Model, Device Device, Rules Rules) Entries(ParseResult parse, Model model, Device device) => parse.GetValue(Reference)
        ? (model.Original, device.Original, Rules.Reference)
        : (model, device, Rules.Ours);

    protected Question Question(ParseResult parse, Model model, Device device)
    {
        var training = parse.GetValue(Train);
        var context = parse.GetValue(Context);
        var (ofModel, onDevice, rules) = Entries(parse, model, device);
        return new(ofModel, onDevice)
        {
            Batch = parse.GetValue(Batch),
            Dtype = DtypeOf(parse),
            Context = training && model.Generates && context == 0 ? UsualSequence : context,
            Training = training,
            Rules = rules,
        };
    }

    /// <summary>This machine as a device of the zoo, from its measured peaks.</summary>
    protected static Device Here(Invocation invocation)
    {
        var peaks = invocation.Peaks([PeakPart.Roofs]).Peaks;
        return new()
        {
            Id = ThisMachine,
            Name = invocation.Facts.CpuModel,
            Class = DeviceClass.Measured,
            Year = int.Parse(peaks.MeasuredAt[..4]),
            Peaks = new(new(Best(PeakKind.Gemm)), Dtype.Fp32, []),
            Capacity = new(invocation.Facts.MemoryBytes),
            Bandwidth = new(Best(PeakKind.Triad, MemoryLevels.Memory)),
            Dispatch = new(Best(PeakKind.EmptyOperator)),
            Sram = peaks.LastLevelCache.Bytes is { } cache
                ? new(new(cache.Low), new ByteRate(Best(PeakKind.Triad, MemoryLevels.LastLevelCache)))
                : null,
            Flag = "A peak is known for fp32 only.",
            Sources = [new(["peak", "capacity", "bandwidth", "dispatch", "sram"], $"measured at {peaks.MeasuredAt} with {peaks.Backend}")],
            Line = 0,
        };
        double Best(PeakKind kind, string level = "") => peaks.Find(kind, level)!.Best;
    }

    /// <summary>A prediction in JSON: plain numbers whose names say their unit.</summary>
    public static object RowOf(Prediction prediction) => new
    {
        LatencySeconds = prediction.Latency.Value, ComputeSeconds = prediction.Compute.Value, MemorySeconds = prediction.Memory.Value,
        OverheadSeconds = prediction.Overhead.Value, ThroughputPerSecond = prediction.Throughput, prediction.Bottleneck,
        prediction.IsDispatchBound, IntensityFlopPerByte = prediction.Intensity.Value, prediction.Mfu,
        EnergyJoules = prediction.Energy?.Value, MemoryLevel = prediction.Level, FootprintBytes = prediction.Footprint.Value,
        SpillBytes = prediction.Spill.Value, prediction.Fits, prediction.PeakIsAssumed,
    };

    public static string Bytes(ByteCount bytes) => Units.Si(bytes.Value, "B");
    public static string BottleneckOf(Prediction prediction) => prediction.IsDispatchBound ? "dispatch" : Word(prediction.Bottleneck);

    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
