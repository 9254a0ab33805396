using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Engine.Checkpoints;

/// <summary>The weights that one workload trains and others use.</summary>
public sealed class SharedWeights(CheckpointStore checkpoints, DataStore data)
{
    static readonly TimeSpan LongestTraining = TimeSpan.FromHours(1);

    /// <summary>Kept from an earlier run where they fit, trained now and kept otherwise.</summary>
    /// <param name="train">Runs the workload and keeps its weights in the same store, as <see cref="WorkloadRunner"/> does.</param>
    /// <exception cref="RunException">Training missed the target, so there are none.</exception>
    public Checkpoint LoadOrTrain(
        WorkloadEntry entry, RunOptions options, Action<WorkloadEntry, RunOptions> train, IRunProgress progress,
        CancellationToken stop = default)
    {
        var choice = DataSelection.For(entry, data, options).Choice;
        var key = CheckpointKey.Of(entry, choice, data.Resolve(choice.Dataset).OrThrow().Digests, options.Seed);
        if (checkpoints.Find(key).Found is { } atOnce) return atOnce;

        progress.Report("weights", 0, $"of {entry.Id}: waiting for any other run that trains them");
        var path = Path.Combine(checkpoints.Folder, $"{key.Digest()}.lock");
        using var held = RunLock.TakeAsync(path, LongestTraining, stop).GetAwaiter().GetResult();
        // Another run may have trained them meanwhile.
        var lookup = checkpoints.Find(key);
        if (lookup.Found is { } found) return found;
        progress.Report("weights", 0, $"{lookup.Why} {entry.Id} is trained{(lookup.Damaged ? " again" : "")}.");
        train(entry, options with { Dataset = choice.Dataset, SkipMeasuring = true });
        return checkpoints.Find(key).Found ?? throw RunErrors.NoWeights(entry.Id, options.Seed);
    }
}
