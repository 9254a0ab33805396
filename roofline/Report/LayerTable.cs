using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Report;

/// <summary>The products and the memory traffic of each layer of a step, in two tables. Exact numbers: they are part of snapshots.</summary>
public static class LayerTable
{
    public static string Render(StepCount count) => $"{Products(count)}\n{Traffic(count)}";

    /// <summary>Matrix products and convolutions; backward is the data gradient and the weight gradient.</summary>
    static TextTable Products(StepCount count)
    {
        var table = new TextTable(3, "layer", "kind", "result", "params", "MAC forward", "FLOP forward", "FLOP backward");
        foreach (var layer in count.Layers)
        {
            table.Row([
                layer.Layer, layer.Kind, string.Join('x', layer.Output),
                .. Numbers(
                    layer.Parameters + layer.FrozenParameters, layer.ForwardMacs, layer.Forward.Flops,
                    layer.DataGradient.Flops + layer.WeightGradient.Flops)]);
        }

        return table.Row([
            "total", "", "",
            .. Numbers(
                count.Parameters + count.FrozenParameters, count.ForwardMacs, count.ForwardFlops,
                count.DataGradientFlops + count.WeightGradientFlops)]);
    }

    /// <summary>Operations that are no products, by layers and by the optimizer, and bytes.</summary>
    static TextTable Traffic(StepCount count)
    {
        var table = new TextTable(
            1, "layer", "elementwise", "optimizer", "B forward", "B backward", "B optimizer", "calls", "B unique");
        foreach (var layer in count.Layers)
        {
            var optimizer = layer.Optimizer.ElementwiseFlops;
            table.Row([
                layer.Layer,
                .. Numbers(
                    layer.Total.ElementwiseFlops - optimizer, optimizer, layer.Forward.Bytes, Backward(layer).Bytes, layer.Optimizer.Bytes,
                    layer.Total.Calls, layer.UniqueBytes)]);
        }

        return table.Row([
            "total",
            .. Numbers(
                count.ElementwiseFlops, count.OptimizerFlops, count.Layers.Sum(layer => layer.Forward.Bytes),
                count.Layers.Sum(layer => Backward(layer).Bytes), count.Layers.Sum(layer => layer.Optimizer.Bytes),
                count.OperatorCalls, count.UniqueBytes)]);
    }

    static Work Backward(LayerCount layer) => layer.DataGradient + layer.WeightGradient;
    static IEnumerable<string> Numbers(params long[] numbers) => numbers.Select(Units.Count);
}
