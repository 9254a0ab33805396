using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>Counts are exact: a single FLOP is a change.</summary>
static class CountChanges
{
    static readonly (string Name, Func<StepCount, long> Value)[] Quantities =
    [
        ("batch", count => count.Batch),
        ("parameters", count => count.Parameters),
        ("FLOP per step", count => count.Flops),
        ("elementwise FLOP per step", count => count.ElementwiseFlops),
        ("optimizer FLOP per step", count => count.OptimizerFlops),
        ("bytes per step", count => count.Bytes),
        ("unique bytes per step", count => count.UniqueBytes),
        ("operator calls per step", count => count.OperatorCalls),
    ];

    public static IEnumerable<Change> Of(StepCount before, StepCount after)
    {
        var sums = Quantities.Where(quantity => quantity.Value(before) != quantity.Value(after)).Select(quantity =>
        {
            var (was, now) = (quantity.Value(before), quantity.Value(after));
            var ratio = was == 0 ? "" : $" ({Units.Ratio((double)now / was)})";
            return new Change(quantity.Name, ChangeKind.Different, $"{Units.Count(was)} → {Units.Count(now)}{ratio}");
        }).ToArray();
        if (sums.Length > 0)
            return sums;
        var moved = LayerTable.Render(before) != LayerTable.Render(after);
        return
        [
            moved
                ? new Change("counts", ChangeKind.Different,
                    "the sums are equal, the rows of the layers are not: compare the layer tables of `show`")
                : new Change("counts", ChangeKind.Same,
                    $"{Units.Count(after.Flops)} FLOP, {Units.Count(after.Bytes)} B, {Units.Count(after.OperatorCalls)} calls per step"),
        ];
    }
}
