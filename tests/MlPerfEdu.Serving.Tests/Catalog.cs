using MlPerfEdu.Generator;

namespace MlPerfEdu.Serving.Tests;

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
