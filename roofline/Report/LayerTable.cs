using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Report;

/// <summary>What each layer of a step computes and moves. Exact numbers: the table is part of snapshots.</summary>
public static class LayerTable
{
    public static string Render(StepCount count)
    {
        var table = new TextTable(
            3, "layer", "kind", "result", "params", "MAC fwd", "FLOP fwd", "FLOP dgrad", "FLOP wgrad", "FLOP elementwise", "FLOP optimizer",
            "bytes", "calls", "unique bytes");
        foreach (var layer in count.Layers)
        {
            var (total, optimizer) = (layer.Total, layer.Optimizer.ElementwiseFlops);
            Row(table, layer.Layer, layer.Kind, string.Join('x', layer.Output),
                layer.Parameters, layer.ForwardMacs, layer.Forward.Flops, layer.DataGradient.Flops, layer.WeightGradient.Flops,
                total.ElementwiseFlops - optimizer, optimizer, total.Bytes, total.Calls, layer.UniqueBytes);
        }

        Row(table, "total", "", "",
            count.Parameters, count.ForwardMacs, count.ForwardFlops, count.DataGradientFlops, count.WeightGradientFlops,
            count.ElementwiseFlops, count.OptimizerFlops, count.Bytes, count.OperatorCalls, count.UniqueBytes);
        return table.ToString();
    }

    static void Row(TextTable table, string layer, string kind, string result, params long[] numbers) =>
        table.Row([layer, kind, result, .. numbers.Select(Units.Count)]);
}
