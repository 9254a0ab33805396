namespace MlPerfEdu.Serving.Placement;

public enum Device { Cpu, Gpu, NeuralEngine }

public enum ElementType { Float32, Float16, BFloat16, Int8 }

public readonly record struct Record(string Operator, Device Device, ElementType Type, long Elements, double Seconds);

/// <summary>The records of one operator or of one device.</summary>
public readonly record struct Total(long Calls, long Elements, double Seconds)
{
    internal Total With(long elements, double seconds) => new(Calls + 1, Elements + elements, Seconds + seconds);
}

public readonly record struct Summary(Total Cpu, Total Gpu, Total NeuralEngine)
{
    public long Calls => Cpu.Calls + Gpu.Calls + NeuralEngine.Calls;
    public double Seconds => Cpu.Seconds + Gpu.Seconds + NeuralEngine.Seconds;
    public double ShareOf(Total device) => Calls == 0 ? 0 : (double)device.Calls / Calls;
}

/// <summary>A log of operators and of the device that a rule assigns to each; nothing really moves there. Totals are updated with every record, so
/// that a summary reads three numbers and not the log.</summary>
/// <param name="kept">How many of the last records are kept.</param>
public sealed class PlacementProfiler(int kept = 4096)
{
    /// <summary>From more elements on, half precision pays off on a neural engine.</summary>
    public const long NeuralEngineElements = 65_536;

    readonly Record[] last = new Record[Guard.Positive(kept, "records to keep")];
    readonly Total[] devices = new Total[3];
    readonly Dictionary<string, Total> operators = [];

    public long Calls { get; private set; }

    public static Device Place(ElementType type, long elements) => type switch
    {
        ElementType.Float32 => Device.Cpu,
        ElementType.Float16 or ElementType.BFloat16 when elements > NeuralEngineElements => Device.NeuralEngine,
        _ => Device.Gpu,
    };

    public Device Add(string name, ReadOnlySpan<int> shape, ElementType type, double seconds)
    {
        Guard.Range(seconds >= 0 && double.IsFinite(seconds), "seconds", seconds, "a finite number, 0 or more");
        if (!Enum.IsDefined(type))
            throw KernelErrors.UnknownId("element type", type, "one of the enumeration");
        var elements = 1L;
        foreach (var size in shape)
            elements = checked(elements * Guard.Positive(size, "a size"));
        var device = Place(type, elements);
        last[Calls % last.Length] = new(name, device, type, elements, seconds);
        Calls++;
        ref var ofDevice = ref devices[(int)device];
        ofDevice = ofDevice.With(elements, seconds);
        ref var ofOperator = ref CollectionsMarshal.GetValueRefOrAddDefault(operators, name, out _);
        ofOperator = ofOperator.With(elements, seconds);
        return device;
    }

    public Summary Summarise() => new(devices[(int)Device.Cpu], devices[(int)Device.Gpu], devices[(int)Device.NeuralEngine]);

    public Total Of(string name) => operators.TryGetValue(name, out var total)
        ? total : throw KernelErrors.UnknownId("operator", name, "one that was recorded");

    /// <summary>The same summary from the log; the oracle while nothing has left the log.</summary>
    public Summary PlainSummary()
    {
        var log = last.Take((int)Math.Min(Calls, last.Length)).ToLookup(record => record.Device);
        return new(TotalOf(log[Device.Cpu]), TotalOf(log[Device.Gpu]), TotalOf(log[Device.NeuralEngine]));

        static Total TotalOf(IEnumerable<Record> records) =>
            records.Aggregate(default(Total), (total, record) => total.With(record.Elements, record.Seconds));
    }
}

[Kernels("placement-profiler")]
public sealed class PlacementKernels : IKernels
{
    public IEnumerable<Kernel> Kernels()
    {
        var profiler = new PlacementProfiler();
        int[] shape = [1024, 1024];
        yield return new("record-op", () => profiler.Add("matmul", shape, ElementType.Float16, 1e-3));
        var (few, many) = (Filled(40), Filled(2050));
        yield return new("summary", () => few.Summarise());
        yield return new("summary-2050", () => many.Summarise());
    }

    static PlacementProfiler Filled(int records)
    {
        var profiler = new PlacementProfiler();
        for (var index = 0; index < records; index++)
            profiler.Add("matmul", [1024, 1024], ElementType.Float16, 1e-3);
        return profiler;
    }
}
