using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Serving.Measure;

namespace MlPerfEdu.Serving.Tests;

/// <summary>What must hold for a module of serving.yaml; a class of its own is generated for each.</summary>
public abstract class ModuleTests(string id)
{
    const int Attempts = 5;
    const double NearTheRoof = 0.5;

    static readonly TimeSpan BeforeAnotherAttempt = TimeSpan.FromSeconds(10);

    readonly KernelModule _module = Catalog.Module(id);
    readonly IKernels _kernels = KernelRegistry.Open(id);

    protected void CheckInvariants()
    {
        List<Invariant> invariants = [.. _kernels.Invariants()];
        Assert.NotEmpty(invariants);
        Assert.All(invariants, invariant => Assert.True(invariant.Holds, $"{invariant.Statement}: {invariant.Found}"));
    }

    protected void CheckRows() =>
        Assert.Equal(_module.Rows.Select(row => row.Operation).Order(), _kernels.Kernels().Select(kernel => kernel.Operation).Order());

    protected void CheckAllocations()
    {
        foreach (var kernel in _kernels.Kernels().Where(kernel => !kernel.MakesObjects))
        {
            // The first calls compile, and the runtime allocates for its own purposes now and then.
            var least = Enumerable.Range(0, Attempts).Min(_ => BytesOf(kernel.Call, 100));
            Assert.True(least == 0, $"{kernel.Operation}: {least} bytes in 100 calls");
        }
    }

    // Other work makes a call slower for seconds at a time, never faster: the fastest batch of a row counts, and who is too slow is asked again.
    protected void CheckLatencies()
    {
        var measurement = new ModuleMeasurement(_module, new LatencyMeter { SampleSeconds = 0.05 });
        List<MeasuredRow> slow = [];
        Roofs? roofs = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt > 0)
                Thread.Sleep(BeforeAnotherAttempt);
            for (var round = 0; round < LatencyMeter.Rounds; round++)
                measurement.AddRound();
            slow = [.. measurement.Rows.Where(row => row.FastestRatio < 1)];
            if (slow.Count > 0)
                slow.RemoveAll(IsNear(roofs = BestRoofs(roofs)));
            if (slow.Count == 0)
                break;
        }

        KernelEvidence.Of(_module, Machine.Facts(), null, measurement.Rows).Write(Repository.PathOf("artifacts/evidence/serving/tests"));
        Assert.True(slow.Count == 0, string.Join("; ", slow.Select(row =>
            $"{row.Row.Operation}: {row.Latency.Min * 1e6:0.###} µs → expected the original's {row.Row.OriginalMicroseconds} µs at most"))
            + " → run `kernels run` on a quiet machine; what is still slow there became slower");
    }

    // A slow moment makes roofs lower, too.
    static Roofs BestRoofs(Roofs? before)
    {
        var measured = Enumerable.Range(0, Attempts).Select(_ => Roofs.Measure(Machine.Facts())).Aggregate((best, next) => best.Or(next));
        return before?.Or(measured) ?? measured;
    }

    // A processor slower than the original's is no fault of a row that comes near what a thread of it can do.
    static Predicate<MeasuredRow> IsNear(Roofs roofs) => row => roofs.ShareOf(row.Kernel.Flops, row.Kernel.Bytes, row.Latency.Min) >= NearTheRoof;

    static long BytesOf(Action call, int calls)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < calls; index++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
