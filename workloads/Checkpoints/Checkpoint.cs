using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Checkpoints;

/// <summary>Trained weights whose bytes were just checked.</summary>
public sealed record Checkpoint(CheckpointRecord Record, string WeightsPath)
{
    /// <summary>Replaces the weights of a model of the same geometry.</summary>
    public void LoadInto(Module model) => model.load(WeightsPath);
}

/// <param name="Found">Absent when there is none to use.</param>
/// <param name="Why">Where it is from, or why there is none.</param>
/// <param name="Damaged">There are files, but they cannot be trusted.</param>
public sealed record CheckpointLookup(Checkpoint? Found, string Why, bool Damaged = false);
