using MlPerfEdu.Catalog;
using MlPerfEdu.Serving.Tests.Modules;

namespace MlPerfEdu.Serving.Tests;

/// <summary>What must hold for a module of serving.yaml; a class of its own is generated for each.</summary>
public abstract class ModuleTests(string id)
{
    const int Attempts = 5;

    readonly KernelModule module = Catalog.Module(id);
    readonly IKernels kernels = KernelRegistry.Open(id);

    protected void CheckInvariants()
    {
        List<KernelInvariant> invariants = [.. IInvariants.Of(module.Id)];
        Assert.NotEmpty(invariants);
        Assert.All(invariants, invariant => Assert.True(invariant.Holds, $"{invariant.Statement}: {invariant.Found}"));
    }

    protected void CheckRows() =>
        Assert.Equal(module.Rows.Select(row => row.Operation).Order(), kernels.Kernels().Select(kernel => kernel.Operation).Order());

    protected void CheckAllocations()
    {
        foreach (var kernel in kernels.Kernels())
        {
            // The first calls compile, and the runtime allocates for its own purposes now and then.
            var least = Enumerable.Range(0, Attempts).Min(_ => BytesOf(kernel.Call, 100));
            Assert.True(least == 0, $"{kernel.Operation}: {least} bytes in 100 calls");
        }
    }

    static long BytesOf(Action call, int calls)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < calls; index++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

/// <summary>serving.yaml as it stands in the clone.</summary>
static class Catalog
{
    public static IReadOnlyList<KernelModule> Modules { get; } = Read();

    public static KernelModule Module(string id) => Modules.Single(module => module.Id == id);

    static IReadOnlyList<KernelModule> Read()
    {
        var read = KernelCatalogReader.Read(Repository.PathOf("workloads/Serving/serving.yaml"));
        return read.Modules ?? throw new InvalidOperationException(string.Join('\n', read.Diagnostics));
    }
}

/// <summary>Files of the clone that the tests run in.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    static string FindRoot(string from) =>
        File.Exists(Path.Combine(from, "MlPerfEdu.sln")) ? from : FindRoot(Path.GetDirectoryName(from)!);
}
