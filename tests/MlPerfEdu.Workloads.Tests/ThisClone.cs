using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>The clone that these tests were built in, and the entries of its workloads.yaml.</summary>
static class ThisClone
{
    public static Repository Repository { get; } = Repository.Find();

    public static WorkloadCatalog Catalog { get; } = WorkloadCatalogReader.Read(Repository.WorkloadsYaml).Catalog
        ?? throw new InvalidOperationException($"{Repository.WorkloadsYaml} has mistakes; build the tests to see them.");

    public static WorkloadEntry Entry(string id) => Catalog.FindWorkload(id)
        ?? throw new InvalidOperationException($"workloads.yaml has no workload '{id}'; it had when these tests were built. Build again.");

    public static ModelEntry Model(string id) => Catalog.Find(id) as ModelEntry
        ?? throw new InvalidOperationException($"workloads.yaml has no workload '{id}'; it had when these tests were built. Build again.");

    public static ExperimentEntry Experiment(string id) => Catalog.Find(id) as ExperimentEntry
        ?? throw new InvalidOperationException($"workloads.yaml has no experiment '{id}'; it had when these tests were built. Build again.");
}
