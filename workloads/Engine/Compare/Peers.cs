using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Engine.Compare;

delegate Contestant OpenContestant(
    Repository repository, WorkloadCatalog catalog, ModelEntry entry, bool bookOptimizer, IRunProgress progress, CancellationToken stop);

/// <param name="Trainer">The workload itself, or the one whose weights it serves.</param>
/// <param name="Recipe">Absent where nothing is trained.</param>
/// <param name="Workload">The workload whose step is timed.</param>
sealed record Contestant(IRunningStep Step, int Batch, WorkloadEntry Trainer, Recipe? Recipe, IDisposable Workload) : IDisposable
{
    /// <summary>The workload on the first data that is available.</summary>
    public static Contestant Of(
        Repository repository, WorkloadCatalog catalog, ModelEntry entry, bool bookOptimizer, IRunProgress progress, CancellationToken stop)
    {
        using var runner = new WorkloadRunner(repository, catalog);
        // A model that only answers keeps the recipe that trained it.
        var options = new RunOptions { EvidenceFolder = repository.NewEvidenceFolder, BookOptimizer = bookOptimizer && entry is WorkloadEntry };
        var opened = runner.Open(entry, options, progress, stop);
        return new(
            opened.Steps.Prepare(opened.Steps.Batch), opened.Steps.Batch, opened.Trainer.Entry,
            entry is WorkloadEntry ? opened.Trainer.Choice.Recipe : null, (IDisposable)opened.Steps);
    }

    public void Dispose()
    {
        Step.Dispose();
        Workload.Dispose();
    }
}

/// <summary>What the steps of workloads are compared with.</summary>
abstract class Peer
{
    /// <summary>Why there is nothing to compare a workload with; absent where there is.</summary>
    public abstract EnvironmentProblem? Missing(ModelEntry entry);

    /// <summary>Whether the other side has no optimizer but those of TorchSharp.</summary>
    public virtual bool BookOptimizer => false;

    public Comparison Compare(ModelEntry entry, Contestant ours, int turns, IRunProgress progress, CancellationToken stop)
    {
        using var theirs = Open(entry, ours, progress, stop);
        var (steps, our, their) = new Turns(new OwnSide(ours.Step.Step, ours.Step), theirs, Name, progress, stop).Take(turns);
        return new(entry.Id, ours.Batch, steps, our, their, theirs.Twin);
    }

    protected abstract string Name { get; }

    protected abstract ISide Open(ModelEntry entry, Contestant ours, IRunProgress progress, CancellationToken stop);
}

/// <summary>Twins in plain PyTorch, in one Python, on the threads of this process.</summary>
sealed class PyTorchPeer(string python, Repository repository, int threads) : Peer
{
    // The longest step is a second; building a large model may take a minute on a busy machine.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    const int Seed = 1;

    public override EnvironmentProblem? Missing(ModelEntry entry)
    {
        var twin = repository.TwinOf(entry.Id);
        return File.Exists(twin) ? null : CompareErrors.NoTwin(entry.Id, repository.Relative(twin));
    }

    protected override string Name => "PyTorch";

    protected override ISide Open(ModelEntry entry, Contestant ours, IRunProgress progress, CancellationToken stop)
    {
        progress.Report("starting PyTorch", 0, "");
        var twin = repository.TwinOf(entry.Id);
        var config = TwinConfig.Of(entry, ours.Trainer, ours.Recipe, ours.Batch, threads, Seed);
        var process = TwinProcess.Start(python, repository.TwinHost, twin, config, TwinEnvironment.Of(threads), Patience, stop);
        if (process.Facts.Threads == threads && process.Facts.Parameters == entry.Params)
            return process;
        process.Dispose();
        throw process.Facts.Threads != threads
            ? CompareErrors.OtherThreads(twin, process.Facts.Threads, threads)
            : CompareErrors.OtherModel(twin, process.Facts.Parameters, entry.Params);
    }
}

/// <summary>The same workloads by the book, in this process.</summary>
sealed class BookPeer : Peer
{
    public override EnvironmentProblem? Missing(ModelEntry entry) =>
        Implementations.IsOther<IByTheBook>(entry.Id) ? CompareErrors.NoBook(entry.Id, nameof(IByTheBook)) : null;

    protected override string Name => "the book";

    public override bool BookOptimizer => true;

    protected override ISide Open(ModelEntry entry, Contestant ours, IRunProgress progress, CancellationToken stop)
    {
        var step = ((IByTheBook)ours.Workload).PrepareByTheBook(ours.Batch);
        return new OwnSide(step.Step, step);
    }
}
