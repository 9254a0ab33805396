using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Placement;

[Kernels("placement-profiler")]
public sealed class PlacementKernels : IKernels
{
    public IEnumerable<Kernel> Kernels()
    {
        var profiler = new PlacementProfiler();
        int[] shape = [1024, 1024];
        yield return new("record-op", () => profiler.Add("matmul", shape, ElementType.Float16, 1e-3));
        var (few, many) = (Filled(40), Filled(2050));
        yield return new("summary", () => few.Summarise());
        yield return new("summary-2050", () => many.Summarise());
    }

    static PlacementProfiler Filled(int records)
    {
        var profiler = new PlacementProfiler();
        for (var index = 0; index < records; index++)
            profiler.Add("matmul", [1024, 1024], ElementType.Float16, 1e-3);
        return profiler;
    }

    public IEnumerable<Invariant> Invariants()
    {
        var random = new RandomData(19);
        var profiler = new PlacementProfiler(5000);
        for (var index = 0; index < 5000; index++)
        {
            profiler.Add($"operator {random.Below(9)}", [random.Between(1, 1000), random.Between(1, 1000)],
                (ElementType)random.Below(4), random.Share());
        }
        yield return Invariant.None("the totals are those of the log", profiler.Summarise() == profiler.PlainSummary() ? 0 : 1);
        var calls = Enumerable.Range(0, 9).Sum(index => profiler.Of($"operator {index}").Calls);
        yield return Invariant.None("every call belongs to one operator and to one device",
            calls == profiler.Calls && profiler.Summarise().Calls == profiler.Calls ? 0 : 1);
        yield return Invariant.None("places operators by the rule", Misplaced());
    }

    static int Misplaced() => new[]
    {
        (ElementType.Float32, 1_000_000, Device.Cpu),
        (ElementType.Float16, 65_537, Device.NeuralEngine),
        (ElementType.BFloat16, 65_537, Device.NeuralEngine),
        (ElementType.Float16, 65_536, Device.Gpu),
        (ElementType.Int8, 1_000_000, Device.Gpu),
    }.Count(expected => PlacementProfiler.Place(expected.Item1, expected.Item2) != expected.Item3);
}
