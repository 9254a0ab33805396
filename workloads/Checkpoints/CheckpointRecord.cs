using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Checkpoints;

/// <summary>What stands beside kept weights: what they were trained for, how good they are, and which evidence says so.</summary>
/// <param name="EvidenceSha256">The content hash of the sidecar of the run that trained them.</param>
public sealed record CheckpointRecord(
    int Schema,
    CheckpointKey Key,
    string WeightsSha256,
    long WeightsBytes,
    QualityRecord Quality,
    string TrajectorySha256,
    string EvidenceSha256)
{
    public const int CurrentSchema = 1;
}
