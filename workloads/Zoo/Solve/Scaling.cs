namespace MlPerfEdu.Zoo;

/// <summary>How work, traffic and state grow with batch, context and steps, by architecture. What is not named here is fixed per input.</summary>
static class Scaling
{
    /// <summary>Passes of a batch through the whole network: work, weights and starting alike, once per denoising step.</summary>
    public static double Passes(Model model) => model.Architecture == Architecture.Diffusion ? model.Steps!.Value : 1;

    /// <summary>Weights that one pass over so many units reads: all, or those of the experts that any token of the batch chose.</summary>
    /// <remarks>
    /// Total and active parameters are dense + E experts and dense + k experts, which gives both. When tokens choose
    /// independently, none of n tokens chooses an expert with probability (1 - k/E)^n.
    /// </remarks>
    public static ByteCount Streamed(Model model, Dtype dtype, double units)
    {
        if (model.Architecture != Architecture.SparseMoe) return model.Weights(dtype);
        var (experts, chosen) = (model.Experts!.Value, model.ExpertsPerToken!.Value);
        var expert = (model.Parameters - model.Active) * (1.0 / (experts - chosen));
        var dense = model.Active - (expert * chosen);
        var touched = experts * (1 - Math.Pow(1 - ((double)chosen / experts), units));
        return (dense + (expert * touched)).As(dtype);
    }

    /// <summary>Work that one more token costs because of those before it.</summary>
    public static Flop ContextWork(Model model, int context) => AttentionWork(model, context, context > 0 ? 1 : 0);

    /// <summary>Causal attention of <paramref name="tokens"/> new tokens after <paramref name="before"/> others: scores and weighted values are four
    /// FLOP per channel and pair, each token paired with itself and those before it.</summary>
    public static Flop AttentionWork(Model model, int before, int tokens)
    {
        if (tokens == 0 || !model.HasAttention) return default;
        if (model is not { Layers: { } layers, Heads: { } heads, Hidden: { } hidden })
            throw ZooErrors.NotStated(model, "layers, hidden and heads");
        var head = model.HeadDim ?? hidden / heads;
        var pairs = ((double)tokens * before) + ((double)tokens * (tokens + 1.0) / 2);
        // Latent attention compares the rotary part as well.
        return new(2.0 * layers * heads * ((2 * head) + (model.RopeDim ?? 0)) * pairs);
    }

    /// <summary>What a sequence keeps between tokens: keys and values that grow, or a state that does not.</summary>
    public static ByteCount State(Model model, Dtype dtype, int context)
    {
        if (model.HasAttention) return KvCache.PerSequence(model, dtype, context);
        if (model.Architecture != Architecture.Ssm) return default;
        var channels = model.Hidden!.Value * (double)(model.Expansion ?? 1);
        return new(model.Layers!.Value * channels * (model.State!.Value + (model.Convolution ?? 0)) * dtype.Bytes());
    }

    /// <summary>How often the state crosses the bus per token: a cache is read, the state of an SSM is read and written.</summary>
    public static double StateTrips(Model model) => model.Architecture == Architecture.Ssm ? 2 : 1;
}

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
