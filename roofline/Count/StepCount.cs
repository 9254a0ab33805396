using System.Text.Json.Serialization;

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

    /// <summary>Matrix products and convolutions of the whole step: the numerator of arithmetic intensity and utilisation.</summary>
    public long Flops => ForwardFlops + DataGradientFlops + WeightGradientFlops;

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
