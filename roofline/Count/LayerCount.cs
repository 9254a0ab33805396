using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Count;

/// <summary>One row of the per-layer table.</summary>
public sealed record LayerCount
{
    public required string Layer { get; init; }

    public required string Kind { get; init; }

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
