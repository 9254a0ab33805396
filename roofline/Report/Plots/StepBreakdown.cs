using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>A training step divided into its passes, as counted.</summary>
public static class StepBreakdown
{
    static readonly (string Name, Func<LayerCount, Work> Work)[] Passes =
    [
        ("forward", layer => layer.Forward),
        ("data gradient", layer => layer.DataGradient),
        ("weight gradient", layer => layer.WeightGradient),
        ("optimizer", layer => layer.Optimizer),
    ];

    public static Bars Of(string workload, StepCount count)
    {
        return new Bars(
            $"One step of {workload}",
            "Products, other operations, memory traffic and operator calls of one training step, each divided into its passes.",
            [
                Row("products", "FLOP", work => work.Flops),
                Row("other operations", "FLOP", work => work.ElementwiseFlops),
                Row("traffic", "B", work => work.Bytes),
                Row("operator calls", "", work => work.Calls),
            ]);

        Bar Row(string name, string unit, Func<Work, long> quantity)
        {
            BarPart[] parts = [.. Passes.Select(pass => new BarPart(pass.Name, count.Layers.Sum(layer => quantity(pass.Work(layer)))))];
            var sum = parts.Sum(part => part.Value);
            return new Bar(name, unit.Length == 0 ? Units.Count((long)sum) : Units.Si(sum, unit), parts);
        }
    }
}
