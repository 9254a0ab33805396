using MlPerfEdu.Generator;
using MlPerfEdu.Roofline;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>Opens our side of a comparison.</summary>
delegate Contestant OpenContestant(
    Repository repository, WorkloadCatalog catalog, ModelEntry entry, IRunProgress progress, CancellationToken stop);

/// <summary>Our side of a comparison before it starts.</summary>
/// <param name="Trainer">The workload itself, or the one whose weights it answers with.</param>
/// <param name="Recipe">Absent where nothing is trained.</param>
sealed record Contestant(IRunningStep Step, int Batch, WorkloadEntry Trainer, Recipe? Recipe, IDisposable Owner) : IDisposable
{
    /// <summary>The workload on the first data that is at hand.</summary>
    public static Contestant Of(
        Repository repository, WorkloadCatalog catalog, ModelEntry entry, IRunProgress progress, CancellationToken stop)
    {
        using var runner = new WorkloadRunner(repository, catalog);
        var opened = runner.Open(entry, new RunOptions { EvidenceFolder = repository.NewEvidenceFolder }, progress, stop);
        return new(
            opened.Steps.Prepare(opened.Steps.Batch), opened.Steps.Batch, opened.Trainer.Entry,
            entry is WorkloadEntry ? opened.Trainer.Choice.Recipe : null, (IDisposable)opened.Steps);
    }

    public void Dispose()
    {
        Step.Dispose();
        Owner.Dispose();
    }
}
