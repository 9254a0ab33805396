using System.CommandLine;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>What the commands of the zoo have in common to ask.</summary>
sealed class ZooOptions
{
    // A generating model in training needs a length; this one is usual.
    const int UsualSequence = 1024;

    public Option<int> Batch { get; } = new("--batch")
    {
        Description = "Inputs, or sequences, at a time",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    public Option<string> Dtype { get; } = new("--dtype")
    {
        Description = $"How numbers are stored: {string.Join(", ", Dtypes.Names)}",
        HelpName = "NAME",
        DefaultValueFactory = _ => Zoo.Dtype.Fp16.Name(),
    };

    public Option<int> Context { get; } = new("--context")
    {
        Description = "Tokens of each sequence so far; in training, its length",
        HelpName = "TOKENS",
    };

    public Option<bool> Train { get; } = new("--train") { Description = "A training step with Adam instead of inference" };

    public Option<bool> Reference { get; } = new("--reference")
    {
        Description = "Answer with the formulas and entries of MLSys·im, for comparison",
    };

    public void AddTo(Command command)
    {
        command.Add(Batch);
        command.Add(Dtype);
        command.Add(Context);
        command.Add(Train);
        command.Add(Reference);
    }

    public Question Question(ParseResult parse, Model model, Device device)
    {
        var training = parse.GetValue(Train);
        var context = parse.GetValue(Context);
        var (asked, on, rules) = Entries(parse, model, device);
        return new(asked, on)
        {
            Batch = parse.GetValue(Batch),
            Dtype = DtypeOf(parse),
            Context = training && model.Generates && context == 0 ? UsualSequence : context,
            Training = training,
            Rules = rules,
        };
    }

    /// <summary>The entries and the formulas that <see cref="Reference"/> chooses.</summary>
    public (Model Model, Device Device, Rules Rules) Entries(ParseResult parse, Model model, Device device) => parse.GetValue(Reference)
        ? (model.Original, device.Original, Rules.Reference)
        : (model, device, Rules.Ours);

    public Dtype DtypeOf(ParseResult parse)
    {
        var name = parse.GetValue(Dtype)!;
        return Dtypes.Find(name) ?? throw CliErrors.UnknownDtype(name, Dtypes.Names);
    }
}

/// <summary>Finds a device by its id; this machine's is measured when it is first asked for.</summary>
static class ZooDevices
{
    public static Device Find(Invocation invocation, string id) => id == ThisMachine.Id ? Here(invocation) : SiliconZoo.BuiltIn[id];

    public static Device Here(Invocation invocation)
    {
        var catalog = invocation.Catalog;
        return ThisMachine.Of(invocation.Facts, invocation.Track("peaks", progress => invocation.Services.Peaks(invocation.Repository, catalog, false, progress)).Peaks);
    }
}

/// <summary>This machine as a device of the zoo, from its measured peaks.</summary>
static class ThisMachine
{
    public const string Id = "this-machine";

    public static Device Of(MachineFacts facts, MachinePeaks peaks) => new()
    {
        Id = Id,
        Name = facts.CpuModel,
        Class = DeviceClass.Measured,
        Year = int.Parse(peaks.MeasuredAt[..4]),
        Peaks = new(new(Best(peaks, PeakKind.Gemm)), Dtype.Fp32, []),
        Capacity = new(facts.MemoryBytes),
        Bandwidth = new(Best(peaks, PeakKind.Triad, MemoryLevels.Memory)),
        Dispatch = new(Best(peaks, PeakKind.EmptyOperator)),
        Sram = peaks.LastLevelCache.Bytes is { } cache
        ? new(new(cache.Low), new ByteRate(Best(peaks, PeakKind.Triad, MemoryLevels.LastLevelCache))) : null,
        Flag = "A peak is known for fp32 only.",
        Sources = [new(["peak", "capacity", "bandwidth", "dispatch", "sram"], $"measured at {peaks.MeasuredAt} with {peaks.Backend}")],
        Line = 0,
    };

    static double Best(MachinePeaks peaks, PeakKind kind, string level = "") => peaks.Find(kind, level)!.Best;
}
