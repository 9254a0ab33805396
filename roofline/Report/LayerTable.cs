namespace MlPerfEdu.Roofline.Report;

/// <summary>The products and the memory traffic of each layer of a step, in two tables. Exact numbers: they are part of snapshots.</summary>
public static class LayerTable
{
    // Matrix products and convolutions; backward is the data gradient and the weight gradient.
    static readonly (string Title, Func<LayerCount, long> Of)[] Products =
    [
        ("params", layer => layer.Parameters + layer.FrozenParameters),
        ("MAC forward", layer => layer.ForwardMacs),
        ("FLOP forward", layer => layer.Forward.Flops),
        ("FLOP backward", layer => layer.DataGradient.Flops + layer.WeightGradient.Flops),
    ];

    // Other operations, by layers and by the optimizer, and bytes.
    static readonly (string Title, Func<LayerCount, long> Of)[] Traffic =
    [
        ("elementwise", layer => layer.Total.ElementwiseFlops - layer.Optimizer.ElementwiseFlops),
        ("optimizer", layer => layer.Optimizer.ElementwiseFlops),
        ("B forward", layer => layer.Forward.Bytes),
        ("B backward", layer => layer.DataGradient.Bytes + layer.WeightGradient.Bytes),
        ("B optimizer", layer => layer.Optimizer.Bytes),
        ("calls", layer => layer.Total.Calls),
        ("B unique", layer => layer.UniqueBytes),
    ];

    // Few optimizers multiply matrices.
    static readonly (string Title, Func<LayerCount, long> Of)[] WithUpdate = [.. Products, ("FLOP update", layer => layer.Optimizer.Flops)];

    public static string Render(StepCount count) =>
        $"{Table(count, ["layer", "kind", "result"], layer => [layer.Layer, KindOf(layer), string.Join('x', layer.Output)], count.UpdateFlops > 0 ? WithUpdate : Products)}\n"
        + Table(count, ["layer"], layer => [layer.Layer], Traffic);

    /// <summary>With its precision where that is not fp32.</summary>
    public static string KindOf(LayerCount layer) => layer.Precision == Precision.Fp32 ? layer.Kind : $"{layer.Precision.Name()} {layer.Kind}";

    static TextTable Table(
        StepCount count, string[] titles, Func<LayerCount, string[]> words, (string Title, Func<LayerCount, long> Of)[] columns)
    {
        var table = new TextTable(titles.Length, [.. titles, .. columns.Select(column => column.Title)]);
        foreach (var layer in count.Layers)
            table.Row([.. words(layer), .. columns.Select(column => Units.Count(column.Of(layer)))]);
        return table.Row(["total", .. titles.Skip(1).Select(_ => ""), .. columns.Select(column => Units.Count(count.Layers.Sum(column.Of)))]);
    }
}
