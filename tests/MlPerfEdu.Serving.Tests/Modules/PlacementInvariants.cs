using MlPerfEdu.Serving.Placement;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("placement-profiler")]
sealed class PlacementInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var random = new RandomData(19);
        var profiler = new PlacementProfiler(5000);
        for (var index = 0; index < 5000; index++)
        {
            profiler.Add($"operator {random.Below(9)}", [random.Between(1, 1000), random.Between(1, 1000)],
                (ElementType)random.Below(4), random.Share());
        }
        yield return KernelInvariant.True("the totals are those of the log", profiler.Summarise() == profiler.PlainSummary());
        var calls = Enumerable.Range(0, 9).Sum(index => profiler.Of($"operator {index}").Calls);
        yield return KernelInvariant.True("every call belongs to one operator and to one device",
            calls == profiler.Calls && profiler.Summarise().Calls == profiler.Calls);
        (ElementType, int, Device)[] rule =
        [
            (ElementType.Float32, 1_000_000, Device.Cpu), (ElementType.Float16, 65_537, Device.NeuralEngine),
            (ElementType.BFloat16, 65_537, Device.NeuralEngine), (ElementType.Float16, 65_536, Device.Gpu), (ElementType.Int8, 1_000_000, Device.Gpu),
        ];
        yield return KernelInvariant.None("places operators by the rule", rule.Count(row => PlacementProfiler.Place(row.Item1, row.Item2) != row.Item3));
    }
}
