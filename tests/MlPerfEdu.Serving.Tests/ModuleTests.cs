using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Serving.Measure;

namespace MlPerfEdu.Serving.Tests;

/// <summary>What must hold for a module of serving.yaml; a class of its own is generated for each.</summary>
public abstract class ModuleTests(string id)
{
    const int Attempts = 5;
    const double NearTheRoof = 0.5;

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

    protected void CheckLatencies()
    {
        var meter = new LatencyMeter { SampleSeconds = 0.05 };
        var rows = ModuleMeasurement.RowsOf(_module, meter);
        KernelEvidence.Of(_module, Machine.Facts(), null, rows).Write(Repository.PathOf("artifacts/evidence/serving/tests"));
        // Other work makes a call slower, never faster: its fastest batch counts. And a processor that is slower than the original's is
        // no fault of a row that comes near what a thread of it can do.
        var roofs = new Lazy<Roofs>(() => Roofs.Measure(Machine.Facts()));
        Assert.All(rows, row => Assert.True(row.FastestRatio is not < 1 || ShareOf(roofs.Value, row) >= NearTheRoof,
            $"{row.Row.Operation}: {row.Latency.Min * 1e6:0.###} µs, the original {row.Row.OriginalMicroseconds} µs"));
    }

    static double? ShareOf(Roofs roofs, MeasuredRow row) => roofs.ShareOf(row.Kernel.Flops, row.Kernel.Bytes, row.Latency.Min);

    static long BytesOf(Action call, int calls)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < calls; index++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
