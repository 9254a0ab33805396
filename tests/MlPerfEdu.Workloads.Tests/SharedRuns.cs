using System.Collections.Concurrent;
using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>Each workload is trained and each experiment asked once, whichever of its tests comes first.</summary>
static class SharedRuns
{
    static readonly ConcurrentDictionary<string, Lazy<RunOutcome>> Outcomes = new(StringComparer.Ordinal);
    static readonly ConcurrentDictionary<string, Lazy<ExperimentOutcome>> Answers = new(StringComparer.Ordinal);

    public static Repository Repository { get; } = Repository.Find();

    public static WorkloadCatalog Catalog { get; } = WorkloadCatalogReader.Read(Repository.WorkloadsYaml).Catalog
        ?? throw new InvalidOperationException($"{Repository.WorkloadsYaml} has mistakes; build the tests to see them.");

    public static WorkloadEntry Entry(string id) => Catalog.FindWorkload(id)
        ?? throw new InvalidOperationException($"workloads.yaml has no workload '{id}'; it had when these tests were built. Build again.");

    public static ModelEntry Model(string id) => Catalog.Find(id) as ModelEntry
        ?? throw new InvalidOperationException($"workloads.yaml has no workload '{id}'; it had when these tests were built. Build again.");

    public static ExperimentEntry Experiment(string id) => Catalog.Find(id) as ExperimentEntry
        ?? throw new InvalidOperationException($"workloads.yaml has no experiment '{id}'; it had when these tests were built. Build again.");

    /// <summary>Why this experiment cannot be asked here; absent when it can.</summary>
    public static string? WhyNot(string id)
    {
        try
        {
            OfExperiment(id);
            return null;
        }
        catch (NotAvailableException skipped)
        {
            return skipped.Message;
        }
    }

    public static ExperimentOutcome OfExperiment(string id) => Answers.GetOrAdd(id, key => new(() =>
        new ExperimentRunner(Repository).Run(Experiment(key), Repository.NewEvidenceFolder, new NoProgress()))).Value;

    public static RunOutcome Of(string id) => Outcomes.GetOrAdd(id, key => new(() => Run(key))).Value;

    static RunOutcome Run(string id)
    {
        // Its run leaves the weights that this one answers with; trained for this one alone, they would be trained again by its own tests.
        if (Model(id) is InferenceEntry { SharedCheckpoint: var trainer }) Of(trainer);
        using var runner = new WorkloadRunner(Repository, Catalog);
        return runner.Run(Model(id), new RunOptions { EvidenceFolder = Repository.NewEvidenceFolder }, new NoProgress());
    }

    sealed class NoProgress : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}
