namespace MlPerfEdu.Zoo;

/// <summary>How much shorter a batch gets when the device has a tenth more of one thing.</summary>
public readonly record struct Sensitivity(double Compute, double Bandwidth, double Capacity)
{
    const double More = 1.1;

    /// <summary>The one worth buying; null when starting kernels is all that is left.</summary>
    public string? Binding => Math.Max(Compute, Math.Max(Bandwidth, Capacity)) is var most && most <= 0 ? null
        : most == Compute ? "compute" : most == Bandwidth ? "bandwidth" : "capacity";

    public static Sensitivity Of(in Question question)
    {
        var device = question.Device;
        var before = SingleNode.Solve(question).Latency;
        return new(
            Gain(question, device with { Peaks = device.Peaks.Times(More) }, before),
            Gain(question, device with { Bandwidth = device.Bandwidth * More, Sram = Faster(device.Sram), Flash = Faster(device.Flash) }, before),
            Gain(question, device with { Capacity = device.Capacity * More }, before));
    }

    static Memory? Faster(Memory? memory) => memory is null ? null : memory with { Bandwidth = memory.Bandwidth * More };

    static double Gain(in Question question, Device device, Duration before) =>
        1 - (SingleNode.Solve(question with { Device = device }).Latency / before);
}

/// <summary>The inverse question: what a device needs to do one batch in a given time.</summary>
public readonly record struct Requirement(FlopRate Peak, ByteRate Bandwidth, ByteCount Capacity)
{
    /// <param name="question">Of its device, only what starting costs is used.</param>
    /// <returns>Null when starting alone takes longer.</returns>
    public static Requirement? For(in Question question, Duration latency)
    {
        var now = SingleNode.Solve(question);
        if (latency <= now.Overhead) return null;
        var demand = Demand.Of(question);
        var left = new Duration(latency.Value - now.Overhead.Value);
        return new(demand.Work / left * (1 / question.Heuristics.Efficiency), demand.Traffic / left, demand.Footprint);
    }
}

/// <summary>Whether a device holds a model, and in which dtypes.</summary>
public sealed record Fit(Device Device, IReadOnlyList<(Dtype Dtype, ByteCount Footprint, double Share)> Holds)
{
    // Widest first; of formats of the same width, the usual one.
    static readonly Dtype[] Widths = [Dtype.Fp32, Dtype.Fp16, Dtype.Int8, Dtype.Int4];

    public Dtype? Widest => Holds.Count > 0 ? Holds[0].Dtype : null;

    public static Fit Of(Model model, Device device, int batch = 1, int context = 0)
    {
        var holds = new List<(Dtype, ByteCount, double)>();
        foreach (var dtype in Widths)
        {
            var prediction = SingleNode.Solve(new(model, device) { Batch = batch, Context = context, Dtype = dtype });
            if (prediction.Fits) holds.Add((dtype, prediction.Footprint, prediction.Footprint / device.Capacity));
        }
        return new(device, holds);
    }
}
