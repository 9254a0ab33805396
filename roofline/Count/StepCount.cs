namespace MlPerfEdu.Roofline.Count;

/// <summary>What one training step computes and moves: a row per layer, and their sums.</summary>
public sealed record StepCount(int Batch, IReadOnlyList<LayerCount> Layers)
{
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long FrozenParameters => Layers.Sum(layer => layer.FrozenParameters);

    public long ForwardMacs => Layers.Sum(layer => layer.ForwardMacs);

    public long ForwardFlops => Layers.Sum(layer => layer.Forward.Flops);

    public long DataGradientFlops => Layers.Sum(layer => layer.DataGradient.Flops);

    public long WeightGradientFlops => Layers.Sum(layer => layer.WeightGradient.Flops);

    /// <summary>Of an optimizer that multiplies matrices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long UpdateFlops => Layers.Sum(layer => layer.Optimizer.Flops);

    /// <summary>Matrix products and convolutions of the whole step: the numerator of arithmetic intensity and utilisation.</summary>
    public long Flops => ForwardFlops + DataGradientFlops + WeightGradientFlops + UpdateFlops;

    /// <summary>Those of them that multiply bf16 numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Bf16Flops => Layers.Where(layer => layer.Precision == Precision.Bf16).Sum(layer => layer.Total.Flops);

    /// <summary>Activation, norm, pooling and loss, forward and backward.</summary>
    public long ElementwiseFlops => Layers.Sum(layer => layer.Total.ElementwiseFlops) - OptimizerFlops;

    public long OptimizerFlops => Layers.Sum(layer => layer.Optimizer.ElementwiseFlops);

    public long Bytes => Layers.Sum(layer => layer.Total.Bytes);

    public long OperatorCalls => Layers.Sum(layer => layer.Total.Calls);

    public long UniqueBytes => Layers.Sum(layer => layer.UniqueBytes);

    [JsonIgnore]
    public double FlopsPerByte => Bytes == 0 ? 0 : (double)Flops / Bytes;

    [JsonIgnore]
    public double ForwardMacsPerSample => (double)ForwardMacs / Batch;
}

/// <summary>One row of the per-layer table.</summary>
public sealed record LayerCount
{
    /// <summary>A row that does nothing yet.</summary>
    public static LayerCount Of(string layer, string kind, IReadOnlyList<long> output) =>
        new() { Layer = layer, Kind = kind, Output = output };

    /// <summary>A row without parameters.</summary>
    internal static LayerCount Of(
        string layer, string kind, IReadOnlyList<long> output, long uniqueBytes, Work forward, Work dataGradient = default) =>
        Of(layer, kind, output) with { Forward = forward, DataGradient = dataGradient, UniqueBytes = uniqueBytes };

    public required string Layer { get; init; }

    public required string Kind { get; init; }

    /// <summary>Of the numbers that its operators read and write; what is fp32 nevertheless, its rule says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Precision Precision { get; init; }

    /// <summary>Shape of the result, batch first.</summary>
    public required IReadOnlyList<long> Output { get; init; }

    /// <summary>Trainable numbers.</summary>
    public long Parameters { get; init; }

    /// <summary>Numbers that are used and not trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long FrozenParameters { get; init; }

    public long ForwardMacs { get; init; }

    public Work Forward { get; init; }

    public Work DataGradient { get; init; }

    public Work WeightGradient { get; init; }

    public Work Optimizer { get; init; }

    /// <summary>Bytes that this layer adds to what one step touches: parameters, their gradients, state, results, inputs.</summary>
    public long UniqueBytes { get; init; }

    /// <summary>Those of the unique bytes that come from outside and are others in the next step: samples and labels.</summary>
    [JsonIgnore]
    public long InputBytes { get; init; }

    [JsonIgnore]
    public Work Total => Forward + DataGradient + WeightGradient + Optimizer;

    /// <summary>The matrix products and convolutions of this layer, as a recorder should see them.</summary>
    [JsonIgnore]
    public IReadOnlyList<OperatorCount> Operators { get; init; } = [];
}

/// <summary>What one pass over a layer does.</summary>
/// <param name="Flops">2 per multiply-add of matrix products and convolutions, nothing else.</param>
/// <param name="ElementwiseFlops">Everything else: activation, norm, pooling, softmax, loss, optimizer.</param>
/// <param name="Bytes">Compulsory traffic: each operand and each result once per operator.</param>
/// <param name="Calls">Operators that compute; views are not counted.</param>
public readonly record struct Work(long Flops, long ElementwiseFlops, long Bytes, long Calls)
{
    public static Work operator +(Work left, Work right) => new(
        left.Flops + right.Flops,
        left.ElementwiseFlops + right.ElementwiseFlops,
        left.Bytes + right.Bytes,
        left.Calls + right.Calls);

    /// <summary>A pass that multiplies no matrices and moves so many numbers.</summary>
    internal static Work Pass(long elementwiseFlops, long numbers, long calls = 1, Precision precision = Precision.Fp32) =>
        new(0, elementwiseFlops, Bf16.BytesOf(precision) * numbers, calls);

    public Work Times(long times) => new(times * Flops, times * ElementwiseFlops, times * Bytes, times * Calls);

    public static Work Add(Work left, Work right) => left + right;
}

/// <summary>Which gradients the backward pass computes for a layer with parameters.</summary>
/// <param name="Data">Something before the layer has parameters that are trained.</param>
/// <param name="Weights">The layer's own parameters are trained.</param>
public readonly record struct Gradients(bool Data, bool Weights)
{
    public static Gradients None => default;

    public static Gradients Both => new(true, true);

    /// <summary>The first layer that is trained.</summary>
    public static Gradients First => new(false, true);

    /// <summary>Copies of the parameters that a step touches: themselves, and their gradient if there is one.</summary>
    public int ParameterCopies => Weights ? 2 : 1;

    public int Count => (Data ? 1 : 0) + (Weights ? 1 : 0);
}

/// <summary>A second gradient of the same numbers is added to the first.</summary>
static class Accumulation
{
    public static Work Of(long numbers, long times = 1) =>
        times <= 0 ? default : new Work(0, times * numbers, times * Fp32.Bytes * 3 * numbers, times);
}

static class Shapes
{
    public static long Elements(IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);
}

static class Fp32
{
    public const int Bytes = 4;
}

static class Bf16
{
    public const int Bytes = 2;

    public static int BytesOf(Precision precision) => precision == Precision.Bf16 ? Bytes : Fp32.Bytes;
}
