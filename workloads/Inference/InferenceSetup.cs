using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Checkpoints;

namespace MlPerfEdu.Workloads.Inference;

/// <summary>What a model that answers is built from: its entry, the workload that trains it with its data, and weights.</summary>
/// <param name="Kept">The folder for weights that follow from these.</param>
public sealed record InferenceSetup(InferenceEntry Entry, WorkloadSetup Trainer, Checkpoint Weights, string Kept)
{
    public Geometry Geometry => Entry.Geometry;
}
