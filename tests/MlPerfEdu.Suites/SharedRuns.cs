using System.Collections.Concurrent;
using MlPerfEdu.Catalog;
using MlPerfEdu.Workloads.Tests;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Suites;

/// <summary>Each workload is trained and each experiment asked once, whichever of its tests comes first.</summary>
static class SharedRuns
{
    static readonly ConcurrentDictionary<string, Lazy<RunOutcome>> Outcomes = new(StringComparer.Ordinal);
    static readonly ConcurrentDictionary<string, Lazy<ExperimentOutcome>> Answers = new(StringComparer.Ordinal);

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
        new ExperimentRunner(ThisClone.Repository).Run(ThisClone.Experiment(key), ThisClone.Repository.NewEvidenceFolder, new NoProgress()))).Value;

    public static RunOutcome Of(string id) => Outcomes.GetOrAdd(id, key => new(() => Run(key))).Value;

    static RunOutcome Run(string id)
    {
        // Its run leaves the weights that this one answers with; trained for this one alone, they would be trained again by its own tests.
        if (ThisClone.Model(id) is InferenceEntry { SharedCheckpoint: var trainer }) Of(trainer);
        if (ThisClone.Model(id) is WorkloadEntry { SharedCheckpoint: { } beginning }) Of(beginning);
        using var runner = new WorkloadRunner(ThisClone.Repository, ThisClone.Catalog);
        return runner.Run(ThisClone.Model(id), new RunOptions { EvidenceFolder = ThisClone.Repository.NewEvidenceFolder }, new NoProgress());
    }

    sealed class NoProgress : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}
