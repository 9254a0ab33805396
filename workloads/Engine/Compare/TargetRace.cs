using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Training;

namespace MlPerfEdu.Engine.Compare;

delegate TargetRace RunTargetRace(
    Repository repository, WorkloadCatalog catalog, WorkloadEntry entry, IRunProgress progress, CancellationToken stop);

/// <summary>How long a workload trains until it meets its target: as it is, and by the book with the original's recipe.</summary>
sealed record TargetRace(string Id, string Dataset, QualityTarget Target, RaceTime Ours, RaceTime Book)
{
    const int Seed = 1;

    /// <summary>The book's time over ours; absent where a side missed the target.</summary>
    public double? Ratio => Book.SecondsToTarget / Ours.SecondsToTarget;

    public static EnvironmentProblem? Missing(ModelEntry entry) => entry is not WorkloadEntry || Implementations.IsOther<ITrainedByTheBook>(entry.Id)
        ? CompareErrors.NoBook(entry.Id, nameof(ITrainedByTheBook))
        : null;

    /// <summary>One after the other, from the same seed, on the first data that is available.</summary>
    public static TargetRace Run(
        Repository repository, WorkloadCatalog catalog, WorkloadEntry entry, IRunProgress progress, CancellationToken stop)
    {
        using var runner = new WorkloadRunner(repository, catalog);
        // By the entry's own recipe where the original had no other.
        var hasClosed = entry.Closed is not null || entry.Recipe.Division == "closed";
        var (choice, ours) = Train(byTheBook: false);
        var (_, book) = Train(byTheBook: true);
        return new(entry.Id, choice.Dataset, choice.QualityTarget, ours, book);

        (DataChoice, RaceTime) Train(bool byTheBook)
        {
            var options = new RunOptions
            {
                EvidenceFolder = repository.NewEvidenceFolder, Seed = Seed, UntilTarget = true, Closed = byTheBook && hasClosed,
            };
            RunEnvironment.ReleaseUnusedMemory();
            var (steps, setup) = runner.Open(entry, options, progress, stop);
            using var workload = (ITrainingWorkload)steps;
            WarmUp(workload, byTheBook);
            Func<int, ITrainingRun> begin = byTheBook ? ((ITrainedByTheBook)workload).BeginByTheBook : workload.Begin;
            var result = new TrainingLoop(entry, setup.Choice, begin, options, progress).Run(_ => { }, stop);
            return (setup.Choice, new(setup.Recipe.Division, result.SecondsToTarget, result.Curve[^1].Step, result.Curve[^1].Value));
        }
    }

    // The first step also loads the libraries that libtorch computes with.
    static void WarmUp(ITrainingWorkload workload, bool byTheBook)
    {
        if (byTheBook)
        {
            using var step = ((IByTheBook)workload).PrepareByTheBook(workload.Batch);
            step.Step();
        }
        else
        {
            using var step = workload.Prepare(workload.Batch);
            step.Step();
        }
    }
}

/// <param name="Division">Of the recipe.</param>
/// <param name="SecondsToTarget">Until the first evaluation that met it; absent where the recipe ended before.</param>
/// <param name="Steps">Until the last evaluation.</param>
/// <param name="Value">Of the target's metric, there.</param>
sealed record RaceTime(string Division, double? SecondsToTarget, long Steps, double Value);
