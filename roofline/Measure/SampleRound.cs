using System.Text.Json.Serialization;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>One calibration and the steps right after it: only these are compared with each other.</summary>
/// <param name="StepSeconds">Of each whole training step.</param>
/// <param name="DoubledBatchSeconds">The same with twice the batch; empty when it was not asked for.</param>
/// <param name="Seconds">All steps of the round.</param>
/// <param name="QueuedSeconds">How long threads of this process waited for a core meanwhile; absent where the system does not say.</param>
public sealed record SampleRound(
    CalibrationSample Calibration, IReadOnlyList<double> StepSeconds, IReadOnlyList<double> DoubledBatchSeconds, double Seconds, double? QueuedSeconds)
{
    /// <summary>One other process on one core costs half of that core; a runtime's own threads keep each other waiting a fifth of the time at most.</summary>
    public const double MostQueued = 1.0 / 3;

    /// <summary>Whether others held the cores: then the time says more of them than of the workload.</summary>
    [JsonIgnore]
    public bool Disturbed => QueuedSeconds > MostQueued * Seconds;
}
